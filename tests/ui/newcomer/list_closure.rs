// Wished for: one error at the closure: "a list takes names of `#[route]` functions"; help: make it
// an `async fn` with `#[route(..)]`, or mount it by `.route("/ping", get(..))` on the router.

use auth_api_key::{Authenticator, route, routes};
#[route("/users", auth = "api_key")]
async fn users() {}
fn main() {
    let _: axum::Router<Authenticator> = routes![users, || async { "pong" }].into();
}
