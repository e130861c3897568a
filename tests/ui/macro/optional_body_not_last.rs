use auth_api_key::route;
use axum::{Json, http::HeaderMap};

#[route("/hook", auth = "none")]
async fn my_service(event: Option<Json<String>>, headers: HeaderMap) {
//~^ 28
    let _ = (event, headers);
}

fn main() {}
