use auth_api_key::route;

#[route("/my_service")]
async fn my_service() {}

fn main() {}
