use auth_api_key::route;

#[route("/a", auth = "apikey")]
async fn my_service() {}

fn main() {}
