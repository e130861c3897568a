use auth_api_key::route;

#[route("/orders", auth = "api_key", groups = "shop" | "staff")]
//~^ 47
async fn orders() {}

fn main() {}
