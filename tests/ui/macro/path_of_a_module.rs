use auth_api_key::route;

pub const PATH: &str = "/a";

#[route(crate::PATH, auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
