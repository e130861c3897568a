//! `#[axum::debug_handler]` has nothing to add below the attribute, and does no harm there.

use auth_api_key::{ApiKey, Authenticator, route, routes};
use axum::Router;

#[route("/partner/{id}", auth = "api_key")]
#[axum::debug_handler]
async fn partner(key: ApiKey, id: i64) {
    let _ = (key, id);
}

pub fn main() {
    let _: Router<Authenticator> = Router::new().merge(routes![partner]);
}
