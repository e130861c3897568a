use auth_api_key::route;

#[route("/orders", auth = "none", cors = "https://a.example" | "https://b.example")]
//~^ 42
async fn orders() {}

fn main() {}
