use auth_api_key::route;

#[route("/a", auth = "api_key", methods = ["GET"], methods = ["POST"])]
//~^ 52
async fn my_service() {}

fn main() {}
