use auth_api_key::route;

#[route("/orders", auth = ["api_key", MyJwt])]
//~^ 27
async fn orders() {}

fn main() {}
