use auth_api_key::route;

const GROUPS: [&str; 2] = ["shop", "erp"];

#[route("/orders", auth = "api_key", groups = GROUPS)]
//~^ 47
async fn orders() {}

fn main() {}
