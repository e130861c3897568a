//! What is a method of a trait is called as such, whatever a route is called.
#![deny(warnings)]

use auth_api_key::{Authenticator, Routes, controller, routes};
use axum::extract::FromRef;

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    shop: Shop,
}

trait Listing {
    fn orders(&self) -> &'static str;
}

#[derive(Clone)]
struct Shop;

impl Listing for Shop {
    fn orders(&self) -> &'static str {
        "none"
    }
}

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/clone")]
    async fn clone(&self) {}

    #[route("/orders")]
    async fn orders(&self) {}
}

pub(crate) fn main() {
    assert_eq!(Shop.clone().orders(), "none");
    let _: Routes<AppState> = routes![Shop];
}
