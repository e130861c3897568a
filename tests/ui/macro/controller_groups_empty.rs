use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key", groups = [])]
//~^ 50
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
