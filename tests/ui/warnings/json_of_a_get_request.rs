#![deny(warnings)]

use auth_api_key::route;
use axum::Json;

#[route("/partner", auth = "api_key", methods = ["GET"])]
pub async fn partner(Json(filter): Json<u8>) {
    //~^ 36
    let _ = filter;
}

fn main() {}
