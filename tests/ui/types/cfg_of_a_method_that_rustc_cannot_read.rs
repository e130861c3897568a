use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[cfg(unix, windows)]
    //~^ 5
    #[route("/orders")]
    async fn orders() {}
}

fn main() {
    let _: Routes<()> = routes![Shop];
}
