use auth_api_key::route;

#[route("/a", auth = "api_key", methods = ["GET" "POST"])]
//~^ 50
async fn my_service() {}

fn main() {}
