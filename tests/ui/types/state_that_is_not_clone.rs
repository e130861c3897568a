// axum asks for `Clone` at every step; the route and the list of routes do not ask again.

use auth_api_key::{Authenticator, route, routes};
use axum::{Router, extract::FromRef};

#[derive(FromRef)]
struct AppState {
    auth: Authenticator,
}

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

fn router(state: AppState) -> Router {
    Router::new()
        //~^ 5
        .merge(routes![my_service])
        //~^ 16
        .with_state(state)
    //~^ 10
}

fn main() {
    let _ = router;
}
