// Wished for: one error at `HashMap<String, String>`: "a map cannot be one query parameter"; help:
// for all parameters write `Query(filters): Query<HashMap<String, String>>` and take `filters` out
// of the path.

use auth_api_key::{Authenticator, route, routes};
use std::collections::HashMap;
#[route("/orders/search?filters", auth = "api_key")]
async fn search(filters: HashMap<String, String>) -> String {
    format!("{filters:?}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![search].into();
}
