// Wished for: one error at `{page?}`: "axum has no optional captures"; help: `["/orders",
// "/orders/{page}"]`, with `page: Option<u32>`.

use auth_api_key::{Authenticator, route, routes};
#[route("/orders/page/{page?}", auth = "api_key", methods = ["GET"])]
async fn orders(page: Option<u32>) -> String {
    format!("{page:?}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![orders].into();
}
