use auth_api_key::route;

#[route("/orders", auth = "api_key", cors = ["https://a.example https://b.example"])]
//~^ 46
async fn orders() {}

fn main() {}
