// Wished for: one error at `AppState { .. }` in with_state or at `routes`: "`AppState` has no
// `Authenticator`"; help: a field `auth: Authenticator` and `#[derive(FromRef)]`.

use auth_api_key::{route, routes};
use axum::{Router, extract::State};
#[derive(Clone)]
struct AppState {
    greeting: String,
}
#[route("/hello", auth = "api_key")]
async fn hello(State(app): State<AppState>) -> String {
    app.greeting
}
#[tokio::main]
async fn main() {
    let app = Router::new().merge(routes![hello]).with_state(AppState {
        greeting: "hi".into(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
