use auth_api_key::{Authenticator, route, routes};
use axum::Router;

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn app(auth: Authenticator) -> Router {
    Router::new().with_state(auth).merge(routes![orders])
    //~^ 50
}

fn main() {
    let _ = app;
}
