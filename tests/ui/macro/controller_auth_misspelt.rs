use auth_api_key::{ApiKey, controller};

struct Shop;

#[controller("/shop", auth = "apikey", groups = ["shop"])]
//~^ 30
impl Shop {
    #[route("/orders")]
    async fn orders(key: ApiKey) {
        let _ = key;
    }

    #[route("/stock", groups = [])]
    async fn stock(&self) {}
}

fn main() {
    let _ = Shop::orders;
}
