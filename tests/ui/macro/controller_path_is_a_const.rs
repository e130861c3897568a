use auth_api_key::controller;

struct Shop;

#[controller(Self::PATH, auth = "api_key")]
//~^ 14
impl Shop {
    const PATH: &'static str = "/shop";

    #[route("/orders")]
    async fn orders() {}
}

fn main() {}
