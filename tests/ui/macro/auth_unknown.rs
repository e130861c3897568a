use auth_api_key::route;

#[route("/a", auth = "jwt")]
async fn my_service() {}

fn main() {}
