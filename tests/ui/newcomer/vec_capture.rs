// Wished for: one error at `Vec<u32>`: "`{ids}` is captured once, so it cannot be a `Vec`"; help:
// `ids: String` and split it, or a query name `?ids` for `Vec<u32>`.

use auth_api_key::{Authenticator, route, routes};
#[route("/orders/{ids}/cancel", auth = "api_key", methods = ["POST"])]
async fn cancel(ids: Vec<u32>) -> String {
    format!("{}", ids.len())
}
fn main() {
    let _: axum::Router<Authenticator> = routes![cancel].into();
}
