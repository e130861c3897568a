use auth_api_key::route;

struct Shop;

impl Shop {
    #[route("/orders", auth = "api_key")]
    async fn orders() -> String;
    //~^ 14
}

fn main() {
    let _ = Shop;
}
