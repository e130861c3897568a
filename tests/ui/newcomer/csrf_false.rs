// Wished for: one error at `csrf`: "there is no option `csrf`: a key comes in a header that no form
// sends, so nothing needs to be switched off"; help: remove `csrf = False`.

use auth_api_key::{ApiKey, Authenticator, route, routes};
#[route("/webhook/payment", type = "http", auth = "api_key", methods = ["POST"], csrf = False, save_session = False)]
async fn payment(key: ApiKey, body: String) -> String {
    format!("{} {}", key.name, body.len())
}
fn main() {
    let _: axum::Router<Authenticator> = routes![payment].into();
}
