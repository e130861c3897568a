use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
#[tracing::instrument]
//~^ 1
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
