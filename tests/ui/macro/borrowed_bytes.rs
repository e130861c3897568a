use auth_api_key::route;
use axum::body::Bytes;

#[route("/orders", auth = "api_key")]
async fn orders(body: &[u8]) -> Bytes {
//~^ 23
    Bytes::copy_from_slice(&body)
}

fn main() {}
