use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
#[controller("/store", auth = "api_key")]
//~^ 1
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
