use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    #[route("/order")]
    //~^ 5
    async fn orders() {}
}

fn main() {
    let _: Routes<()> = routes![Shop, Shop::orders];
}
