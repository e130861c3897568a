//! In its own body, too, the name of a route is that of its handler, guard and all.

#![deny(warnings)]

use auth_api_key::{Authenticator, Routes, route, routes};
use axum::{Router, routing::get};

#[route("/", auth = "api_key")]
async fn index() -> String {
    let all: Routes<Authenticator> = routes![index, orders];
    all.to_string()
}

/// A variable of the name goes before it.
#[route("/orders?page", auth = "api_key")]
async fn orders(page: Option<u32>) -> String {
    let orders = page.unwrap_or(1);
    format!("{orders}")
}

pub fn main() {
    #[route("/local", auth = "none")]
    async fn r#type() {
        let _: Router<Authenticator> = Router::new().route("/", get(r#type));
    }

    let _: Routes<Authenticator> = routes![index, orders, r#type];
}
