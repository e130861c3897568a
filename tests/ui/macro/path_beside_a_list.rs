use auth_api_key::route;

#[route(["/a", "/b"], "/c", auth = "api_key")]
//~^ 23
async fn my_service() {}

fn main() {}
