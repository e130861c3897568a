// Wished for: one error at `**kw` in the path: "`**kw` is no name: a route takes the parameters
// that it names"; help: remove `&**kw`, and take `Query(kw): Query<HashMap<String, String>>` for
// the rest.

use auth_api_key::{Authenticator, route, routes};
use std::collections::HashMap;
#[route("/shop/cart?product_id&qty&**kw", auth = "public")]
async fn cart(product_id: u64, qty: Option<u32>, kw: HashMap<String, String>) -> String {
    format!("{product_id} {qty:?} {kw:?}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![cart].into();
}
