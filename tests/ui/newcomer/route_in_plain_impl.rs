// Wished for: one error at `#[route]` / `&self`: "a method needs `#[controller(..)]` above its
// `impl`"; help: write `#[controller("/shop", auth = ..)]` above `impl Shop`.

use auth_api_key::{ApiKey, Authenticator, route, routes};
#[derive(Clone)]
struct Shop;
impl Shop {
    #[route("/shop/orders", auth = "api_key")]
    async fn orders(&self, key: ApiKey) -> String {
        key.name.to_string()
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Shop::orders].into();
}
