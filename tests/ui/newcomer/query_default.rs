// Wished for: one error at `page=1` in the path: "a name after `?` has no default there"; help:
// `?page&size` with `page: Option<u32>`, and `page.unwrap_or(1)`.

use auth_api_key::{Authenticator, route, routes};
#[route("/users?page=1&size=20", auth = "api_key", methods = ["GET"])]
async fn users(page: u32, size: u32) -> String {
    format!("{page} {size}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![users].into();
}
