// Wished for: one error at the `Rc`/`.await`: "the future of `report` is not `Send`: `Rc` is held
// across this await"; help: `Arc`, or a block that ends before. No second error about `Handler`.

use auth_api_key::{Authenticator, route, routes};
use std::rc::Rc;
async fn tick() {}
#[route("/report", auth = "api_key")]
async fn report() -> String {
    let lines = Rc::new(vec!["a", "b"]);
    tick().await;
    lines.join(",")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![report].into();
}
