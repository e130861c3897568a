use auth_api_key::route;

#[route(rule = ["/orders", "/orders/all"], auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
