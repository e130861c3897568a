use auth_api_key::route;

#[route("/partner", auth = "api_key")]
async fn partner(id: i64) {
//~^ 22
    let _ = id;
}

fn main() {}
