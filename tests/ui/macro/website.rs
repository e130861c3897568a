use auth_api_key::route;

#[route("/a", auth = "api_key", website = true)]
async fn my_service() {}

fn main() {}
