use auth_api_key::route;

#[route("/a", auth = "user")]
async fn my_service() {}

fn main() {}
