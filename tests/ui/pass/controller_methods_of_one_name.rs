//! Of two methods of one name `#[cfg]` leaves one, whatever the others are called.

#![allow(clippy::non_minimal_cfg)]

use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders_2")]
    async fn orders_2() {}

    #[cfg(any())]
    #[route("/orders")]
    async fn orders() {}

    #[cfg(all())]
    #[route("/orders")]
    async fn orders() {}
}

pub fn main() {
    let list: Routes<()> = routes![Shop];
    assert_eq!(list.iter().count(), 2);
}
