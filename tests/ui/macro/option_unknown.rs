use auth_api_key::route;

#[route("/my_service", auth = "api_key", colour = "red")]
async fn my_service() {}

fn main() {}
