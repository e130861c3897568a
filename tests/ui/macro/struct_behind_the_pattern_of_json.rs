use auth_api_key::route;
use axum::Json;

#[derive(serde::Deserialize)]
struct Order {
    article: String,
}

#[route("/orders", auth = "api_key")]
async fn create(Json(order): Order) -> String {
    //~^ 30
    order.article
}

fn main() {}
