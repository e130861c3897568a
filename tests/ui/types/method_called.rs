use auth_api_key::{ApiKey, controller};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self, key: ApiKey) {
        let _ = key;
    }

    async fn around_the_guard(&self, key: ApiKey) {
        self.orders(key).await;
        //~^ 14
    }
}

fn main() {
    let _ = Shop::around_the_guard;
}
