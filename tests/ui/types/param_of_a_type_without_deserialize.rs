use auth_api_key::route;

struct Order;

#[route("/a?order", auth = "api_key", type = "jsonrpc")]
async fn my_service(order: Order) {
//~^ 28
    let _ = order;
}

fn main() {}
