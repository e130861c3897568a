// Wished for: one error at `*path`: "a wildcard is written `{*path}`".

use auth_api_key::{Authenticator, route, routes};
#[route("/static/*path", auth = "none")]
async fn assets(path: String) -> String {
    path
}
fn main() {
    let _: axum::Router<Authenticator> = routes![assets].into();
}
