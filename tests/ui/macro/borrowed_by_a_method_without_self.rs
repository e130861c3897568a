use std::borrow::Cow;

use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders() -> Cow<'_, str> {
    //~^ 26
        "none".into()
    }
}

fn main() {}
