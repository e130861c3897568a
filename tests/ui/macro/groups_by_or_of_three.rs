use auth_api_key::route;

#[route("/orders", auth = "api_key", groups = ["shop" | "erp" | "pos"])]
//~^ 48
async fn orders() {}

fn main() {}
