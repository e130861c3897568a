use auth_api_key::controller;

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(#[cfg(unix)] &self) {}
    //~^ 21
}

fn main() {}
