use auth_api_key::route;

#[route("/partner?limit", auth = "api_key")]
async fn my_service() {}

fn main() {}
