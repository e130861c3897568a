use auth_api_key::route;

#[route]
//~^ 1
async fn my_service() {}

fn main() {}
