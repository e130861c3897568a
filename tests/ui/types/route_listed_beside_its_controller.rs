use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}

    #[route("/users")]
    async fn users() {}
}

fn main() {
    let _: Routes<()> = routes![Shop, Shop::users];
    //~^ 45
}
