use auth_api_key::{Authenticator, Routes, route, routes, testing::assert_closed};
use axum::Router;

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn listed() -> Routes<Authenticator> {
    routes![orders]
}

async fn no_route_is_open(auth: Authenticator) {
    let app = Router::new().merge(listed()).with_state(auth);
    assert_closed(app, &listed()).await;
    //~^ 19
    //~^^ 24
}

fn main() {
    let _ = no_route_is_open;
}
