use auth_api_key::route;

#[route("/orders", "GET", auth = "api_key")]
//~^ 20
async fn my_service() {}

fn main() {}
