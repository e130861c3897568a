use auth_api_key::route;

#[route("/orders", auth = "api_key", cors = "https://a.example, b.example/")]
//~^ 45
async fn orders() {}

fn main() {}
