// Wished for: one error at the second `users`: "`users` is twice in this list"; help: remove one.

use auth_api_key::{Authenticator, controller, routes};
#[derive(Clone)]
struct Shop;
#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders() {}
    #[route("/users")]
    async fn users() {}
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Shop, Shop::users].into();
}
