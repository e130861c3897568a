use auth_api_key::route;

#[route("/orders", auth = "api_key", tags = ["orders"])]
//~^ 38
async fn orders() {}

fn main() {}
