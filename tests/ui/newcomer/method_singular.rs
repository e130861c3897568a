// Wished for: one error at `method`: "there is no option `method`"; help: `methods = ["POST"]`.

use auth_api_key::{Authenticator, route, routes};
use axum::http::Method;
#[route("/orders/{id}/confirm", auth = "api_key", method = Method::POST)]
async fn confirm(id: u64) -> String {
    let _: Option<Method> = None;
    id.to_string()
}
fn main() {
    let _: axum::Router<Authenticator> = routes![confirm].into();
}
