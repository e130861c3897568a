// Wished for: one error at `<R: Repo>`: "a route cannot be generic: nothing says which `R` to
// mount"; help: write the type `PgRepo`, or `State<Arc<dyn Repo>>`.

use auth_api_key::{route, routes};
use axum::extract::State;
use std::sync::Arc;
trait Repo: Send + Sync + 'static {
    fn count(&self) -> usize;
}
#[route("/products/count", auth = "api_key")]
async fn count<R: Repo>(State(repo): State<Arc<R>>) -> String {
    repo.count().to_string()
}
fn main() {
    let _ = routes();
}
fn routes() -> auth_api_key::Routes<auth_api_key::Authenticator> {
    routes![count]
}
