use auth_api_key::route;

#[route("/a", auth = "api_key", multilang = false)]
async fn my_service() {}

fn main() {}
