#![allow(async_fn_in_trait)]

use auth_api_key::route;

trait Orders {
    async fn orders();
}

struct Shop;

impl Orders for Shop {
    #[route("/orders", auth = "api_key")]
    async fn orders() {}
    //~^ 14
}

fn main() {
    let _ = Shop;
}
