// Wished for: one error at `shop::{`: "a list has one path each"; help: `shop::orders,
// shop::users`.

use auth_api_key::{Authenticator, routes};
mod shop {
    use auth_api_key::route;
    #[route("/users", auth = "api_key")]
    pub async fn users() {}
    #[route("/orders", auth = "api_key")]
    pub async fn orders() {}
}
fn main() {
    let _: axum::Router<Authenticator> = routes![shop::{orders, users}].into();
}
