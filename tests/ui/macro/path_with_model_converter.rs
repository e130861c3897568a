use auth_api_key::route;

#[route("/partner/<model('res.partner'):partner>", auth = "api_key")]
//~^ 9
async fn partner(partner: i64) {
    let _ = partner;
}

fn main() {}
