use auth_api_key::{Routes, controller, route, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/")]
    async fn all() {}

    #[route("/stock")]
    async fn stock() {}
}

#[route("/shop", auth = "none")]
async fn shop() {}

fn main() {
    let _: Routes<()> = routes![Shop, shop];
    //~^ 39
}
