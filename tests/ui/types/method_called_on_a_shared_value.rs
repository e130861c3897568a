use std::sync::Arc;

use auth_api_key::{ApiKey, controller};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self, key: ApiKey) -> String {
        key.name.clone()
    }
}

mod tests {
    use super::*;

    pub async fn names_the_key(shop: Arc<Shop>, key: ApiKey) {
        assert_eq!(shop.orders(key).await, "webshop");
        //~^ 25
    }
}

fn main() {
    let _ = tests::names_the_key;
}
