use auth_api_key::controller;

struct Shop;

#[controller("shop", auth = "api_key")]
//~^ 14
impl Shop {
    #[route("orders")]
    //~^ 13
    async fn orders(&self) {}
}

fn main() {}
