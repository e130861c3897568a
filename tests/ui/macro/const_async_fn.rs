use auth_api_key::route;

#[route("/a", auth = "api_key")]
const async fn my_service() {}
//~^ 1

fn main() {}
