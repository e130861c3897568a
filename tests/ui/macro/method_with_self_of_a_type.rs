use std::sync::Arc;

use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders(self: Arc<Self>) {}
    //~^ 21
}

fn main() {}
