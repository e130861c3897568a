use auth_api_key::controller;

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[cfg_attr(unix, route("/orders"))]
    #[cfg_attr(not(unix), route("/items"))]
    //~^ 5
    async fn orders() {}
}

fn main() {}
