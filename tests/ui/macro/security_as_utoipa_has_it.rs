use auth_api_key::route;

#[route("/orders", security(("api_key" = [])))]
//~^ 20
async fn orders() {}

fn main() {}
