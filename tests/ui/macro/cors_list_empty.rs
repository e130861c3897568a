use auth_api_key::route;

#[route("/a", auth = "api_key", cors = [])]
//~^ 40
async fn my_service() {}

fn main() {}
