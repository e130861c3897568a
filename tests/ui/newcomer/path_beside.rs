// Wished for: one error at `Path(line): Path<u32>` (or at `{line}`): "`{line}` is captured, but no
// argument has its name; with captured arguments, `Path<..>` is not used"; help: write `line: u32`
// in place of `Path(line): Path<u32>`.

use auth_api_key::{Authenticator, route, routes};
use axum::extract::Path;
#[route("/orders/{id}/lines/{line}", auth = "api_key", methods = ["GET"])]
async fn order_line(id: u64, Path(line): Path<u32>) -> String {
    format!("{id} {line}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![order_line].into();
}
