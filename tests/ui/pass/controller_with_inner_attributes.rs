//! What stands first in the braces of an `impl` is said of all of it.

#![deny(warnings)]

use auth_api_key::controller;

pub struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    //! All that it sells.
    #![allow(dead_code, unused_variables)]

    #[route("/orders")]
    async fn orders() {
        let number = 1;
    }

    fn unused() {
        let number = 1;
    }
}

pub fn main() {}
