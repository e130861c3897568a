use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key", csrf = false)]
//~^ 41
impl Shop {
    #[route("/orders")]
    async fn orders() {}

    #[route("/stock")]
    async fn stock() {}
}

fn main() {}
