use auth_api_key::{Authenticator, route, routes};
use axum::{Router, routing::get};

#[route("/a", auth = "api_key")]
async fn a() {}

fn app(auth: Authenticator) -> Router {
    routes![a].route("/health", get(async || "up")).with_state(auth)
    //~^ 5
}

fn main() {
    let _ = app;
}
