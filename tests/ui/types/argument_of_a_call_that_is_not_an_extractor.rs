use auth_api_key::route;

#[derive(serde::Deserialize)]
struct Order;

#[route("/orders", auth = "api_key", type = "jsonrpc")]
async fn create(order: Order) {
//~^ 24
    let _ = order;
}

fn main() {}
