use auth_api_key::route;

#[route("/a" | "/b" | "/c", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
