use auth_api_key::route;
use axum::{Json, http::HeaderMap};

type Order = Json<u32>;

#[route("/orders", auth = "api_key")]
async fn my_service(Json(order): Order, headers: HeaderMap) {
//~^ 34
    let _ = (order, headers);
}

fn main() {}
