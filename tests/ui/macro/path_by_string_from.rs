use auth_api_key::route;

#[route(String::from("/orders"), auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
