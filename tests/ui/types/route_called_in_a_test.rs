use auth_api_key::{ApiKey, key::KeyRecord, route};

#[route("/orders", auth = "api_key")]
async fn orders(key: ApiKey) -> String {
    format!("orders for {}", key.name)
}

async fn orders_are_those_of_the_key() {
    let key = ApiKey::unverified(KeyRecord::new(1, "webshop", "user-7"));
    assert_eq!(orders(key).await, "orders for webshop");
    //~^ 23
}

fn main() {
    let _ = orders_are_those_of_the_key;
}
