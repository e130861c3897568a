use auth_api_key::{Routes, controller, routes};

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[get("/orders")]
    //~^ 5
    async fn orders(&self) {}
}

fn main() {
    let _: Routes<Shop> = routes![Shop];
}
