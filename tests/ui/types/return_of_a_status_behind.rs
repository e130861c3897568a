use auth_api_key::route;
use axum::http::StatusCode;

#[route("/a", auth = "none")]
async fn my_service() -> (String, StatusCode) {
//~^ 26
    (String::new(), StatusCode::OK)
}

fn main() {}
