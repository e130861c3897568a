// Wished for: one error at `shop`: "groups are strings, or paths of constants"; help: `"shop"`.
// (Here there is also a module `shop`.)

use auth_api_key::{Authenticator, route, routes};
mod shop {
    pub const NAME: &str = "shop";
}
#[route("/prices", auth = "api_key", groups = [shop, shop::NAME])]
async fn prices() -> &'static str {
    "1"
}
fn main() {
    let _: axum::Router<Authenticator> = routes![prices].into();
}
