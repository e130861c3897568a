use auth_api_key::route;

#[route("/a", type = "http", auth = "api_key", type = "jsonrpc")]
//~^ 48
async fn my_service() {}

fn main() {}
