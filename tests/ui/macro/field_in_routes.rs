use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {
    let shop = Shop;
    let _: Routes<()> = routes![shop.orders];
    //~^ 33
    let Shop = shop;
}
