use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

#[controller("/store", auth = "none")]
impl Shop {
    //~^ 6
    #[route("/stock")]
    async fn stock() {}
}

fn main() {
    let _: Routes<()> = routes![Shop];
}
