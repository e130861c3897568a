use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[async_trait::async_trait]
    //~^ 5
    #[route("/orders")]
    async fn orders(&self) {}
}

fn main() {}
