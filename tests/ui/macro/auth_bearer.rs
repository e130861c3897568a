use auth_api_key::route;

#[route("/a", auth = "bearer")]
async fn my_service() {}

fn main() {}
