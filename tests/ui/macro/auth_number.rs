use auth_api_key::route;

#[route("/a", auth = 1)]
async fn my_service() {}

fn main() {}
