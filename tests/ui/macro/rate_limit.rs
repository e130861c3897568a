use auth_api_key::route;

#[route("/orders", auth = "api_key", rate_limit = 10)]
//~^ 38
async fn orders() {}

fn main() {}
