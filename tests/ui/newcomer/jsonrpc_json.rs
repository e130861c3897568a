// Wished for: one error at `Json<Params>`: "with `type = \"jsonrpc\"` the crate reads the body";
// help: name the parameters after `?` ("/rpc/order?id&qty" with `id: u64, qty: u32`). Nothing
// beside it about the return type.

use auth_api_key::{Authenticator, route, routes};
use axum::Json;
#[derive(serde::Deserialize)]
struct Params {
    id: u64,
    qty: u32,
}
#[route("/rpc/order", auth = "api_key", type = "jsonrpc")]
async fn order_line(Json(params): Json<Params>) -> Json<u64> {
    Json(params.id * params.qty as u64)
}
fn main() {
    let _: axum::Router<Authenticator> = routes![order_line].into();
}
