use auth_api_key::{Routes, routes};

mod shop {
    use auth_api_key::route;

    #[route("/orders", auth = "none")]
    pub async fn orders() {}
}

fn main() {
    let _: Routes<()> = routes![shop::orders, shop::customers];
    //~^ 53
}
