use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders", groups = [])]
    //~^ 33
    async fn orders() {}
}

fn main() {}
