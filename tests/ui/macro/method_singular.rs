use auth_api_key::route;

#[route("/a", auth = "api_key", method = "GET")]
async fn my_service() {}

fn main() {}
