use auth_api_key::route;

#[route("/partner/{partner_id}", auth = "api_key")]
//~^ 9
async fn partner(partner_ids: i64) {
    let _ = partner_ids;
}

fn main() {}
