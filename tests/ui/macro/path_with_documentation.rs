use auth_api_key::route;

#[route(/** The path. */ "/a", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
