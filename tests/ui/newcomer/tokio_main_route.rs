// Wished for: one error at `#[tokio::main]` (or at `async`): "`#[tokio::main]` makes the function
// block; a route runs on the server's runtime"; help: remove `#[tokio::main]`.

use auth_api_key::{Authenticator, route, routes};
#[tokio::main]
#[route("/jobs", auth = "api_key")]
async fn jobs() -> String {
    "x".into()
}
fn main() {
    let _: axum::Router<Authenticator> = routes![jobs].into();
}
