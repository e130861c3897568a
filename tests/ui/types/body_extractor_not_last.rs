use auth_api_key::route;
use axum::{Json, http::HeaderMap};

#[route("/my_service", auth = "api_key")]
async fn my_service(body: Json<String>, headers: HeaderMap) {
    let _ = (body, headers);
}

fn main() {}
