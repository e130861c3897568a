use auth_api_key::controller;

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route = "/orders"]
    //~^ 5
    async fn orders() {}
}

fn main() {}
