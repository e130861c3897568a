// Wished for: one error at `ApiKey` in the controller's method: "`auth = \"none\"` looks up no
// key"; help: `auth = "api_key"`, or `auth = "public"` with `Option<ApiKey>`.

use auth_api_key::{ApiKey, Authenticator, controller, routes};
use axum::Extension;
#[derive(Clone)]
struct Shop;
#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/cart")]
    async fn cart(Extension(key): Extension<ApiKey>) -> String {
        key.name.to_string()
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Shop].into();
}
