use auth_api_key::route;

#[route(["/a", c"/b"], auth = "api_key")]
//~^ 16
async fn my_service() {}

fn main() {}
