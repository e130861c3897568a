use auth_api_key::route;

#[route(prefix = "/a", auth = "none")]
//~^ 9
async fn my_service() {}

fn main() {}
