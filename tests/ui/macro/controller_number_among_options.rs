use auth_api_key::controller;

struct Shop;

#[controller("/shop", 3, auth = "api_key")]
//~^ 23
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
