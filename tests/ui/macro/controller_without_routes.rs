use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    //~^ 1
    async fn orders(&self) {}
}

fn main() {
    let _ = Shop.orders();
    let _: Routes<()> = routes![Shop];
}
