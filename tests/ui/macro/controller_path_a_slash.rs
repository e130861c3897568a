use auth_api_key::controller;

struct Shop;

#[controller("/", auth = "api_key")]
//~^ 14
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
