use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "public", groups = ["shop"])]
//~^ 40
impl Shop {
    #[route("/orders")]
    async fn orders() {}

    #[route("/stock")]
    async fn stock() {}
}

fn main() {}
