use auth_api_key::controller;

struct Shop;

#[controller("/shop?lang", auth = "api_key")]
//~^ 14
impl Shop {
    #[route("/orders")]
    async fn orders(lang: String) {
        let _ = lang;
    }
}

fn main() {}
