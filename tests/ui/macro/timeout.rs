use auth_api_key::route;

#[route("/orders", auth = "api_key", timeout = 30)]
//~^ 38
async fn orders() {}

fn main() {}
