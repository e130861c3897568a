use auth_api_key::route;

#[route("/orders, auth = 'api_key'")]
//~^ 9
async fn orders() {}

fn main() {}
