#![deny(dead_code)]

use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {}
    //~^ 14
}

fn main() {
    let _ = Shop;
}
