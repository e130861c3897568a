use auth_api_key::route;

#[route(["/a"; 2], auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
