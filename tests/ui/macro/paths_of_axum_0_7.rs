use auth_api_key::route;

#[route(["/:a-b", "/*"], auth = "api_key")]
async fn my_service() {}

fn main() {}
