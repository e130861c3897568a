use auth_api_key::route;

#[route("/orders/{id}", auth = "none")]
//~^ 9
async fn my_service(_: u64) {}

fn main() {}
