// Wished for: one error at `metrics` in the list: "`metrics` has no `#[route(..)]`"; help: put
// `#[route("/metrics", auth = "..")]` above it.

use auth_api_key::{Authenticator, route, routes};
#[route("/users", auth = "api_key", methods = ["GET"])]
async fn users() {}
async fn metrics() -> String {
    "x".into()
}
fn main() {
    let _: axum::Router<Authenticator> = routes![users, metrics].into();
}
