use auth_api_key::route;

#[route("/orders", guard = "api_key")]
//~^ 20
async fn orders() {}

fn main() {}
