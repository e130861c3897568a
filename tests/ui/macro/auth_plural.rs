use auth_api_key::route;

#[route("/a", auth = "api_keys")]
async fn my_service() {}

fn main() {}
