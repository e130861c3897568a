use auth_api_key::{controller, routes};
use axum::Router;

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {}

    #[route("/stock")]
    async fn stock(&self) {}
}

fn main() {
    let _: Router = Router::new().merge(routes![Shop]).with_state(Shop);
    //~^ 49
}
