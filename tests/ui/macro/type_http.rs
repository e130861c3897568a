use auth_api_key::route;

#[route("/a", auth = "api_key", type = "http")]
async fn my_service() {}

fn main() {}
