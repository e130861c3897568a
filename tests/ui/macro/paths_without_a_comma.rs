use auth_api_key::route;

#[route("/a" "/b", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
