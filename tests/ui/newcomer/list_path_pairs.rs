// Wished for: one error at `"/users" => users`: "a route has its path in its attribute"; help:
// write `users`.

use auth_api_key::{Authenticator, route, routes};
#[route("/users", auth = "api_key")]
async fn users() {}
fn main() {
    let _: axum::Router<Authenticator> = routes!("/users" => users).into();
}
