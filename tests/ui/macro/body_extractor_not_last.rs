use auth_api_key::route;
use axum::{Json, http::HeaderMap};

#[route("/my_service", auth = "api_key")]
async fn my_service(body: Json<String>, headers: HeaderMap) {
//~^ 27
    let _ = (body, headers);
}

fn main() {}
