use auth_api_key::route;

#[route("/orders", auth = "api_key")]
#[utoipa::path(get, path = "/orders")]
//~^ 1
async fn orders() {}

fn main() {}
