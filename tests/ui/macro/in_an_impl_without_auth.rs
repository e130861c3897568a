use auth_api_key::route;

struct Shop;

impl Shop {
    #[route("/health")]
    async fn health() {}
    //~^ 14
}

fn main() {
    let _ = Shop;
}
