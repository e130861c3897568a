use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders", groups = ["shop"])]
    //~^ 24
    async fn orders() {}
}

fn main() {}
