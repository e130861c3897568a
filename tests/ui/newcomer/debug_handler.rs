// Wished for: one error at `#[axum::debug_handler]`: "`#[route]` checks the handler itself"; help:
// remove it. (Below the route would be the same.)

use auth_api_key::{ApiKey, Authenticator, route, routes};
#[axum::debug_handler]
#[route("/jobs/{id}", auth = "api_key")]
async fn jobs(key: ApiKey, id: u64) -> String {
    format!("{} {id}", key.name)
}
fn main() {
    let _: axum::Router<Authenticator> = routes![jobs].into();
}
