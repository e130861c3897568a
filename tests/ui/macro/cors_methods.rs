use auth_api_key::route;

#[route("/orders", auth = "api_key", cors = "*", cors_methods = ["GET"])]
//~^ 50
async fn orders() {}

fn main() {}
