// Wished for: one error at `groups =`/the `)`: "`groups` has no value"; help: `groups = ["shop"]`.
// No error about `orders` missing in the list.

use auth_api_key::{ApiKey, Authenticator, route, routes};
#[route("/orders", auth = "api_key", methods = ["GET"], groups = )]
async fn orders(key: ApiKey) -> String {
    key.name.to_string()
}
#[route("/users", auth = "api_key")]
async fn users() {}
fn main() {
    let _: axum::Router<Authenticator> = routes![orders, users].into();
}
