use auth_api_key::route;

#[route("/a", auth = None)]
async fn my_service() {}

fn main() {}
