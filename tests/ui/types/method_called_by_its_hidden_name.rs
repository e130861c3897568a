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
    shop.__route_orders(__Pass, key).await;
    //~^ 25
}

fn main() {
    let _ = around_the_guard;
}
