use auth_api_key::route;
use axum::Json;

struct Order;

#[route("/my_service", auth = "api_key")]
async fn my_service(order: Json<Order>) {
//~^ 28
    let _ = order;
}

fn main() {}
