//! A crate.
#![deny(missing_docs)]

use auth_api_key::controller;

/// A shop.
pub struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    /// Its orders.
    #[route("/orders")]
    pub async fn orders() {}

    #[route("/stock")]
    pub async fn stock() {}
    //~^ 5
}

fn main() {}
