use auth_api_key::{ApiKey, route};
use axum::extract::State;

#[route("/a", auth = "api_key")]
async fn my_service(State(key): State<ApiKey>) {
//~^ 33
    let _ = key;
}

fn main() {}
