use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
pub impl Shop {
//~^ 1
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
