use auth_api_key::{Routes, routes};

struct Shop;

#[cfg(any())]
#[auth_api_key::controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {
    let _: Routes<()> = routes![Shop];
    //~^ 33
}
