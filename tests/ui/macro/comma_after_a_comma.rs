use auth_api_key::route;

#[route("/my_service", auth = "api_key", , methods = ["GET"])]
//~^ 42
async fn my_service() {}

fn main() {}
