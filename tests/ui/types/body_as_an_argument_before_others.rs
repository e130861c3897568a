use auth_api_key::route;
use axum::http::HeaderMap;

#[derive(serde::Deserialize)]
struct Order;

#[route("/orders", auth = "api_key", methods = ["POST"])]
async fn create(order: Order, headers: HeaderMap) {
//~^ 24
    let _ = (order, headers);
}

fn main() {}
