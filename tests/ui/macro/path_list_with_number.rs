use auth_api_key::route;

#[route(["/a", 3], auth = "api_key")]
//~^ 16
async fn my_service() {}

fn main() {}
