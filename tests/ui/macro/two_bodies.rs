use auth_api_key::route;
use axum::{Json, body::Bytes};

#[route("/hook", auth = "none")]
async fn my_service(body: Bytes, Json(event): Json<String>) {
//~^ 27
    let _ = (body, event);
}

fn main() {}
