// Wished for: one error at `&mut self`: "requests share the controller: `&self`"; help: write
// `&self`, and put what changes into a Mutex or an atomic.

use auth_api_key::{Authenticator, controller, routes};
use axum::extract::FromRef;
#[derive(Clone)]
struct Counter {
    hits: u64,
}
#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    counter: Counter,
}
#[controller("/counter", auth = "api_key")]
impl Counter {
    #[route("/hit", methods = ["POST"])]
    async fn hit(&mut self) -> String {
        self.hits += 1;
        self.hits.to_string()
    }
}
fn main() {
    let _: axum::Router<AppState> = routes![Counter].into();
}
