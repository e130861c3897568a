// Wished for: one error at the list; help: `routes![orders].into()`.

use auth_api_key::{Authenticator, route, routes};
use axum::Router;

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn main() {
    let _: Router<Authenticator> = Router::new().nest("/api", routes![orders]);
}
