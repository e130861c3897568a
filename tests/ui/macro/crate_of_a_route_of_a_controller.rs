use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders", crate = auth_api_key)]
    //~^ 24
    async fn orders() {}
}

fn main() {}
