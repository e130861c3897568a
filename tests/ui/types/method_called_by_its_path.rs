use auth_api_key::{ApiKey, controller};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self, key: ApiKey) {
        let _ = key;
    }
}

async fn around_the_guard(shop: &Shop, key: ApiKey) {
    Shop::orders(shop, key).await;
    //~^ 5
}

fn main() {
    let _ = around_the_guard;
}
