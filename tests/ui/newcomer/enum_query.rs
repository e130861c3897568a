// Wished for: one error at `Status`: "`Status` cannot be read from the query parameter `status`";
// help: derive `serde::Deserialize` (or implement FromStr) for `Status`.

use auth_api_key::{Authenticator, route, routes};
#[derive(Debug, Clone, Copy)]
enum Status {
    Open,
    Paid,
}
#[route("/invoices?status", auth = "api_key", methods = ["GET"])]
async fn invoices(status: Option<Status>) -> String {
    format!("{status:?}")
}
fn main() {
    let _ = (Status::Open, Status::Paid);
    let _: axum::Router<Authenticator> = routes![invoices].into();
}
