use auth_api_key::route;

#[route("/partner/{id}", auth = "api_key")]
async fn my_service() {}

fn main() {}
