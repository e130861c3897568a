use auth_api_key::controller;

struct Shop;

#[controller("/shop/{*rest}", auth = "api_key")]
//~^ 14
impl Shop {
    #[route("/orders")]
    async fn orders(rest: String) {
        let _ = rest;
    }
}

fn main() {}
