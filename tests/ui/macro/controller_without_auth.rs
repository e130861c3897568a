use auth_api_key::controller;

struct Shop;

#[controller("/shop")]
impl Shop {
    #[route("/health", auth = "none")]
    async fn health() {}

    #[route("/orders")]
    //~^ 5
    async fn orders() {}
}

fn main() {}
