// Wished for: one error at the first smart quote: "curly quote, write `\"`".

use auth_api_key::{route, routes, Authenticator};
#[route("/orders", auth = “api_key”)]
async fn orders() -> String {
    "orders".to_string()
}
fn main() { let _: axum::Router<Authenticator> = routes![orders].into(); }
