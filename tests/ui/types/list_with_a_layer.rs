use auth_api_key::{Authenticator, route, routes};
use axum::{Extension, Router};

#[route("/a", auth = "api_key")]
async fn a() {}

fn app(auth: Authenticator) -> Router {
    Router::new().merge(routes![a].layer(Extension(1))).with_state(auth)
    //~^ 25
}

fn main() {
    let _ = app;
}
