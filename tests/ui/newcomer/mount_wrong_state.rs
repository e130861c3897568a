// Wished for: one error at `get(users)`: "the state `Db` has no `Authenticator`, which `users`
// (auth = \"api_key\") needs"; help: derive FromRef with a field `auth: Authenticator`.

use auth_api_key::route;
use axum::{Router, routing::get};
#[derive(Clone)]
struct Db;
#[route("/users/{id}", auth = "api_key")]
async fn users(id: u32) -> String {
    id.to_string()
}
fn main() {
    let _app: Router = Router::new()
        .route("/people/{id}", get(users))
        .with_state(Db);
}
