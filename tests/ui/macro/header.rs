use auth_api_key::route;

#[route("/orders", auth = "api_key", header = "X-API-Key")]
//~^ 38
async fn orders() {}

fn main() {}
