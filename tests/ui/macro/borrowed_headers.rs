use auth_api_key::route;
use axum::http::HeaderMap;

#[route("/orders", auth = "api_key")]
async fn my_service(headers: &HeaderMap) {
//~^ 30
    let _ = headers;
}

fn main() {}
