// Wished for: one error at the first of the two (`body: Bytes`): "`Bytes` and `Json` both read the
// body; only one argument can"; help: take `Bytes` and `serde_json::from_slice(&body)`.

use auth_api_key::{Authenticator, controller, routes};
use axum::{Json, body::Bytes};
#[derive(Clone)]
struct Hooks;
#[controller("/hooks", auth = "api_key")]
impl Hooks {
    #[route("/github?delivery", methods = ["POST"])]
    async fn github(
        delivery: Option<String>,
        body: Bytes,
        Json(event): Json<serde_json::Value>,
    ) -> String {
        format!("{delivery:?} {} {event}", body.len())
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Hooks].into();
}
