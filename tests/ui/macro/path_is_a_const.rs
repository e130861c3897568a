use auth_api_key::route;

const PATH: &str = "/a";

#[route(PATH, auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
