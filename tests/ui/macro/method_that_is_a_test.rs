use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    #[tokio::test]
    //~^ 5
    async fn orders(&self) {}
}

fn main() {}
