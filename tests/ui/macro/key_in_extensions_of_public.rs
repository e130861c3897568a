use auth_api_key::{ApiKey, route};
use axum::Extension;

#[route("/cart", auth = "public")]
async fn my_service(Extension(key): Extension<ApiKey>) {
//~^ 37
    let _ = key;
}

fn main() {}
