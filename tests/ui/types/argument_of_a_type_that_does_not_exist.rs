use auth_api_key::route;
use axum::Json;

#[route("/a", auth = "api_key")]
async fn my_service(order: Json<Order>) {
//~^ 33
    let _ = order;
}

fn main() {}
