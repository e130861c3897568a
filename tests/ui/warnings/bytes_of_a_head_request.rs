#![deny(warnings)]

use auth_api_key::route;
use axum::body::Bytes;

#[route("/partner", auth = "api_key", methods = ["HEAD"])]
pub async fn partner(body: Bytes) {
    //~^ 28
    let _ = body;
}

fn main() {}
