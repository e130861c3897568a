use auth_api_key::route;

#[route("/price/{width}x{height}", auth = "api_key")]
//~^ 9
async fn my_service(width: u32, height: u32) {}

fn main() {}
