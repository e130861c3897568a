use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route]
    //~^ 5
    async fn orders() {}
}

fn main() {}
