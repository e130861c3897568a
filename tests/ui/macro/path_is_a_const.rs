use auth_api_key::route;

const PATH: &str = "/a";

#[route(PATH, auth = "api_key")]
async fn my_service() {}

fn main() {}
