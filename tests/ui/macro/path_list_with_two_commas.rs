use auth_api_key::route;

#[route(["/a",, "/b"], auth = "api_key")]
//~^ 15
async fn my_service() {}

fn main() {}
