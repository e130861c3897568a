use auth_api_key::route;

#[route(/orders/list, auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}
