use auth_api_key::{Authenticator, Routes, route, routes};
use axum::extract::{FromRef, State};

#[derive(Clone)]
struct Shop {
    name: &'static str,
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    shop: Shop,
}

#[route("/name", auth = "api_key")]
async fn name(State(shop): Shop) -> &'static str {
    //~^ 28
    shop.name
}

fn main() {
    let _: Routes<AppState> = routes![name];
}
