use auth_api_key::route;

#[route("/a", auth = "API_KEY")]
//~^ 22
async fn my_service() {}

fn main() {}
