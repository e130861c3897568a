use auth_api_key::{Authenticator, Routes, route, routes};

struct Shop;

impl Shop {
    #[route("/orders", auth = "api_key")]
    async fn orders() {}
    //~^ 14
}

fn main() {
    let _: Routes<Authenticator> = routes![Shop::orders];
}
