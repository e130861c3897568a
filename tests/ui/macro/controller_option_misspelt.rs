use auth_api_key::controller;

struct Shop;

#[controller("/shop", auht = "api_key")]
//~^ 23
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
