// Wished for: one error at `Json<NewUser>`: "reads the body, so it must be the last argument";
// help: `async fn create(key, State(..), Json(..))` - move it to the end.

use auth_api_key::{Authenticator, route, routes};
use axum::{Json, http::HeaderMap};
#[derive(serde::Deserialize)]
struct NewUser {
    name: String,
}
#[route("/users", auth = "api_key", methods = ["POST"])]
async fn create(Json(user): Json<NewUser>, headers: HeaderMap) -> String {
    format!("{} {}", user.name, headers.len())
}
fn main() {
    let _: axum::Router<Authenticator> = routes![create].into();
}
