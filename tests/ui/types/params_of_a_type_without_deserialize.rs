use auth_api_key::{route, routing::Params};

struct Order;

#[route("/a", auth = "api_key", type = "jsonrpc")]
async fn my_service(Params(order): Params<Order>) {
//~^ 36
    let _ = order;
}

fn main() {}
