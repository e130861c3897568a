use auth_api_key::route;

#[route(format!("/orders"), auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
