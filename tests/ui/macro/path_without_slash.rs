use auth_api_key::route;

#[route("my_service", auth = "api_key")]
async fn my_service() {}

fn main() {}
