use auth_api_key::{ApiKey, controller};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self, key: ApiKey) -> String {
        key.name.clone()
    }
}

async fn around_the_guard(shop: Shop, key: ApiKey) -> String {
    let name = shop.orders(key).await;
    //~^ 21
    name.to_uppercase()
}

fn main() {
    let _ = around_the_guard;
}
