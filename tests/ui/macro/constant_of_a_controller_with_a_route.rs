use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/limit")]
    const LIMIT: u8 = 3;
    //~^ 11

    #[route("/orders")]
    async fn orders() -> String {
        Self::LIMIT.to_string()
    }
}

fn main() {}
