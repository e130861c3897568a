use auth_api_key::route;

#[route(["/:a-b", "/*"], auth = "api_key")]
//~^ 10
//~^^ 19
async fn my_service() {}

fn main() {}
