use auth_api_key::{Authenticator, controller, routes};
use axum::{Router, extract::FromRef};

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
}

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {}

    #[route("/stock")]
    async fn stock(&self) {}
}

fn app(state: AppState) -> Router {
    let _ = Shop;
    Router::new().merge(routes![Shop]).with_state(state)
    //~^ 33
}

fn main() {
    let _ = app;
}
