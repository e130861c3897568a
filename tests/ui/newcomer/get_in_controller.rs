// Wished for: one error at `#[get(..)]`: "there is no `#[get]`"; help: `#[route("/list", methods =
// ["GET"])]`.

use auth_api_key::{Authenticator, controller, routes};
#[derive(Clone)]
struct Orders;
#[controller("/orders", auth = "api_key")]
impl Orders {
    #[get("/list")]
    async fn list() -> String {
        "x".into()
    }
    #[post("/")]
    async fn create(body: String) -> String {
        body
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Orders].into();
}
