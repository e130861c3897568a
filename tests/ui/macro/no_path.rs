use auth_api_key::route;

#[route(auth = "api_key")]
//~^ 1
async fn my_service() {}

fn main() {}
