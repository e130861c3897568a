use auth_api_key::route;

#[route]
async fn my_service() {}

fn main() {}
