use auth_api_key::route;

#[route("", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
