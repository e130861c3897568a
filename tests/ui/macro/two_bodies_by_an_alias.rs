use auth_api_key::route;
use axum::Json;

type Order = Json<u32>;

#[route("/orders", auth = "api_key")]
async fn my_service(Json(order): Order, body: String) {
//~^ 34
    let _ = (order, body);
}

fn main() {}
