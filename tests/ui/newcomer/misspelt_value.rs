// Wished for: one error at `"api-key"`: "there is no auth `api-key`"; help: did you mean
// `"api_key"`.

use auth_api_key::{Authenticator, controller, routes};
#[derive(Clone)]
struct Api;
#[controller("/v1", auth = "api_key")]
impl Api {
    #[route("/a", auth = "api-key")]
    async fn a() {}
    #[route("/b")]
    async fn b() {}
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Api].into();
}
