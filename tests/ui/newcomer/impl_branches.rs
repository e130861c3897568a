// Wished for: one error at the second branch's value: "expected Redirect, found String / `impl
// IntoResponse` is one type"; help: `.into_response()` on both and `-> Response`.

use auth_api_key::{Authenticator, route, routes};
use axum::response::{IntoResponse, Redirect};
#[route("/login?next", auth = "none", methods = ["GET"])]
async fn login(next: Option<String>) -> impl IntoResponse {
    if let Some(next) = next {
        Redirect::to(&next)
    } else {
        "no next".to_string()
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![login].into();
}
