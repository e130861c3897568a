use auth_api_key::route;

#[route("/a", auth = true)]
async fn my_service() {}

fn main() {}
