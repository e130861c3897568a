use auth_api_key::controller;

struct Shop;

#[controller("/shop", "/store", auth = "api_key")]
//~^ 23
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
