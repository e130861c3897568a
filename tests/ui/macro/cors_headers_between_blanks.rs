use auth_api_key::route;

#[route("/orders", auth = "none", cors = "*", cors_headers = "x-trace x-span")]
//~^ 62
async fn orders() {}

fn main() {}
