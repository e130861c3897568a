use auth_api_key::route;

#[route("/a", auth = "api_key", response_model = Vec<Order>)]
//~^ 33
async fn my_service() {}

fn main() {}
