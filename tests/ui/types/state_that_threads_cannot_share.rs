// axum asks the state for it twice; the function asks for it, too.

use std::sync::Arc;

use auth_api_key::{Authenticator, route, routes};
use axum::{
    Router,
    extract::{FromRef, State},
};

trait Mailer {
    fn send(&self);
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    mailer: Arc<dyn Mailer>,
}

#[route("/orders", auth = "api_key")]
//~^ 1
async fn orders(State(mailer): State<Arc<dyn Mailer>>) {
    //~^ 10
    //~^^ 10
    mailer.send();
}

fn app(state: AppState) -> Router {
    Router::new().merge(routes![orders]).with_state(state)
    //~^ 5
    //~^^ 5
}

fn main() {
    let _ = app;
}
