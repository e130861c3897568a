// Wished for: one error at the inner `["admin", "erp"]`: "groups are one list: a key must be in one
// of them"; help: `groups = ["shop", "admin", "erp"]`.

use auth_api_key::{Authenticator, route, routes};
#[route("/stock", auth = "api_key", groups = ["shop", ["admin", "erp"]])]
async fn stock() -> &'static str {
    "1"
}
fn main() {
    let _: axum::Router<Authenticator> = routes![stock].into();
}
