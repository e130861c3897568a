use auth_api_key::route;

#[route(concat!("/a", "/b"), auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
