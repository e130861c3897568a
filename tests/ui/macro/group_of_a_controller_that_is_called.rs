use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders", groups = [Self::group()])]
    //~^ 34
    async fn orders() {}

    const fn group() -> &'static str {
        "shop"
    }
}

fn main() {}
