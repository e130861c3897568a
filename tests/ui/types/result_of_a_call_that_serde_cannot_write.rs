use auth_api_key::route;

struct Order;

#[route("/a", auth = "api_key", type = "jsonrpc")]
async fn my_service() -> Order {
//~^ 26
    Order
}

fn main() {}
