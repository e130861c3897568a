// Wished for: one error at `&str` (inside Option): "an argument cannot borrow from the request";
// help: write `Option<String>`.

use auth_api_key::{Authenticator, route, routes};
#[route("/partners/{country}?lang", auth = "api_key")]
async fn partners(country: String, lang: Option<&str>) -> String {
    format!("{country} {}", lang.unwrap_or("en"))
}
fn main() {
    let _: axum::Router<Authenticator> = routes![partners].into();
}
