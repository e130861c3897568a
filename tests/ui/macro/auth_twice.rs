use auth_api_key::route;

#[route("/a", auth = "api_key", auth = "public")]
async fn my_service() {}

fn main() {}
