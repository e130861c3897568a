//! What is conditional in a controller: its methods, their attributes, and whether they are routes.

#![deny(warnings)]

use auth_api_key::{Routes, controller, routes};

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "none")]
#[cfg_attr(all(), allow(unused_variables))]
impl Shop {
    #[cfg_attr(all(), route("/orders"))]
    async fn orders(&self) {
        let number = self.plain().await;
    }

    #[cfg_attr(any(), route("/plain"))]
    async fn plain(&self) -> u8 {
        1
    }

    #[route("/absent")]
    #[cfg_attr(all(), cfg(any()))]
    async fn absent(_: ATypeThatDoesNotExist) {}

    #[route("/absent")]
    #[cfg_attr(any(), cfg(any()))]
    #[cfg_attr(all(), doc = "Is there.", axum::debug_handler, deprecated, inline, cfg(all()))]
    async fn present(#[cfg_attr(all(), allow(unused_mut))] mut headers: axum::http::HeaderMap) {}

    #[r#cfg(any())]
    #[route("/absent")]
    async fn gone(_: ATypeThatDoesNotExist) {}

    #[route("/absent")]
    async fn gone_by_its_body(_: ATypeThatDoesNotExist) {
        #![cfg(any())]
    }
}

struct Empty;

#[controller("/empty", auth = "none")]
impl Empty {
    #[cfg(any())]
    #[route("/absent")]
    async fn absent(_: ATypeThatDoesNotExist) {}
}

pub fn main() {
    let list: Routes<()> = routes![Empty];
    assert_eq!(list.iter().count(), 0);
    let list: Routes<WithShop> = routes![Shop];
    let paths: Vec<_> = list.iter().flat_map(|route| route.paths()).collect();
    assert_eq!(paths, ["/shop/orders", "/shop/absent"]);
}

#[derive(Clone)]
struct WithShop;

impl axum::extract::FromRef<WithShop> for Shop {
    fn from_ref(_: &WithShop) -> Self {
        Self
    }
}
