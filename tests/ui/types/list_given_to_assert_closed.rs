use auth_api_key::{Authenticator, Routes, route, routes, testing::assert_closed};
use axum::Router;

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn listed() -> Routes<Authenticator> {
    routes![orders]
}

async fn is_closed(app: Router) {
    assert_closed(listed(), app).await;
    //~^ 19
}

fn main() {
    let _ = is_closed(Router::new());
}
