use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {}
}

async fn around_the_guard(shop: &Shop) {
    Shop::orders.unguarded(shop).await;
    //~^ 18
}

fn main() {
    let _ = around_the_guard;
}
