use auth_api_key::route;

const HEADERS: [&str; 2] = ["x-trace", "x-span"];

#[route("/orders", auth = "none", cors = "*", cors_headers = HEADERS)]
//~^ 62
async fn orders() {}

fn main() {}
