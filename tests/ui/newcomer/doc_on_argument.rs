// Wished for: one error at the first doc comment on an argument: "doc comments are not allowed on
// arguments"; help: `//`. One for each comment would be acceptable.

use auth_api_key::{Authenticator, route, routes};
/// A page of users.
#[route("/users?page&size", auth = "api_key")]
async fn users(
    /// The page, from 1.
    page: Option<u32>,
    size: Option<u32>,
) -> String {
    format!("{page:?} {size:?}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![users].into();
}
