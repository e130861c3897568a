// Wished for: one error at `orders` in the list: "function/route `orders` is private"; help: `pub
// async fn orders`.

use auth_api_key::{Authenticator, routes};
mod shop {
    use auth_api_key::route;
    #[route("/orders", auth = "api_key")]
    async fn orders() {}
}
fn main() {
    let _: axum::Router<Authenticator> = routes![shop::orders].into();
}
