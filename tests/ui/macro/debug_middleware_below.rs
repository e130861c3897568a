use auth_api_key::route;

#[route("/orders", auth = "api_key")]
#[axum::debug_middleware]
//~^ 1
async fn orders() {}

fn main() {}
