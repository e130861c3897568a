// Wished for: one error at `shop::*`: "a list names each route"; help: `shop::orders, …`, or
// `.merge(shop::routes())`.

use auth_api_key::{Authenticator, routes};
mod shop {
    use auth_api_key::route;
    #[route("/orders", auth = "api_key")]
    pub async fn orders() {}
}
fn main() {
    let _: axum::Router<Authenticator> = routes![shop::*].into();
}
