use auth_api_key::route;

#[route("/a", auth = "pubic")]
async fn my_service() {}

fn main() {}
