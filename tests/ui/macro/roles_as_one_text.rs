use auth_api_key::route;

#[route("/orders", auth = "api_key", roles = "shop, erp")]
//~^ 38
async fn orders() {}

fn main() {}
