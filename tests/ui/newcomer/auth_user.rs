// Wished for: one error at `"user"`: "there is no `auth = \"user\"` (no sessions here)"; help:
// `auth = "api_key"`, or a type of yours that implements AuthMethod.

use auth_api_key::{Authenticator, controller, routes};
#[derive(Clone)]
struct Portal;
#[controller("/my", auth = "user", website = True)]
impl Portal {
    #[route(["/orders", "/orders/page/{page}"])]
    async fn orders(page: Option<u32>) -> String {
        format!("{page:?}")
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Portal].into();
}
