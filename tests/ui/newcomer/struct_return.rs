// Wished for: one error at `Vec<User>` in the return type: "`Vec<User>` is no response"; help: `->
// Json<Vec<User>>` (and `Json(..)` around the value).

use auth_api_key::{Authenticator, route, routes};
#[derive(serde::Serialize)]
struct User {
    id: u32,
    name: String,
}
#[route("/users", auth = "api_key", methods = ["GET"])]
async fn users() -> Vec<User> {
    vec![User {
        id: 1,
        name: "alice".into(),
    }]
}
fn main() {
    let _: axum::Router<Authenticator> = routes![users].into();
}
