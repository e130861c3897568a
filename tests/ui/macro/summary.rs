use auth_api_key::route;

#[route("/orders", auth = "api_key", summary = "Lists orders.")]
//~^ 38
async fn orders() {}

fn main() {}
