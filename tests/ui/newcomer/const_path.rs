// Wished for: one error at `concat!(..)`: "a path is a string literal, as its captures are read at
// compile time"; help: write the text out, "/v1/users/{id}".

use auth_api_key::{Authenticator, route, routes};
#[route(concat!("/v1", "/users/{id}"), auth = "api_key")]
async fn user(id: u64) -> String {
    id.to_string()
}
fn main() {
    let _: axum::Router<Authenticator> = routes![user].into();
}
