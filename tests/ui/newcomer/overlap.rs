// Wished for: one error that names both handlers with file and line: "`user` and `user_by_name`
// answer the same GET requests"; help: one with another path.

use auth_api_key::{Authenticator, route, routes};
#[route("/users/{id}", auth = "api_key", methods = ["GET", "DELETE"])]
async fn user(id: u64) -> String {
    id.to_string()
}
#[route(["/users/{name}", "/people/{name}"], auth = "api_key", methods = ["GET"])]
async fn user_by_name(name: String) -> String {
    name
}
fn main() {
    let _: axum::Router<Authenticator> = routes![user, user_by_name].into();
}
