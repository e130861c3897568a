use auth_api_key::{Routes, routes};

struct Shop;

impl Shop {
    async fn orders(&self) {}
}

fn main() {
    let _ = Shop.orders();
    let _: Routes<()> = routes![Shop];
    //~^ 33
}
