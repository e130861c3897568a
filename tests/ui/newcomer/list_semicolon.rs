// Wished for: one error at `;`: "expected `,`".

use auth_api_key::{Authenticator, route, routes};
#[route("/users", auth = "api_key")]
async fn users() {}
#[route("/events", auth = "api_key")]
async fn events() {}
fn main() {
    let routes = routes![users; events];
    println!("{routes}");
    let _: axum::Router<Authenticator> = routes.into();
}
