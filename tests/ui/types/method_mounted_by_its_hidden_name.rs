use auth_api_key::{Authenticator, controller};
use axum::{Router, routing::get};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}
}

fn main() {
    let _: Router<Authenticator> = Router::new().route("/around_the_guard", get(Shop::__route_orders));
    //~^ 81
}
