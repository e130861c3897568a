// Wished for: one error at `{id:\\d+}` in the path: "a capture has a name only; the argument's type
// does the check"; help: `{id}` and `id: u64`.

use auth_api_key::{Authenticator, route, routes};
#[route("/invoices/{year:\\d{4}}/{id:\\d+}", auth = "api_key")]
async fn invoice(year: u16, id: u64) -> String {
    format!("{year}/{id}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![invoice].into();
}
