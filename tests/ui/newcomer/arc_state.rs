// Wished for: one error at `Arc::new(state)` / `Arc<AppState>`: "`Arc<AppState>` gives no
// `Authenticator`: implement `ProvidesAuthenticator for AppState` / `FromRef<Arc<AppState>> for
// Authenticator`"; help text to write that impl. One only, not for each route.

use auth_api_key::{Authenticator, route, routes};
use axum::{
    Router,
    extract::{FromRef, State},
};
use std::sync::Arc;
#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    greeting: String,
}
#[route("/hello", auth = "api_key")]
async fn hello(State(app): State<Arc<AppState>>) -> String {
    app.greeting.clone()
}
#[route("/bye", auth = "api_key")]
async fn bye(State(greeting): State<String>) -> String {
    greeting
}
#[tokio::main]
async fn main() {
    let auth = Authenticator::connect("sqlite:keys.db").await.unwrap();
    let state = Arc::new(AppState {
        auth,
        greeting: "hi".into(),
    });
    let app = Router::new().merge(routes![hello, bye]).with_state(state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
