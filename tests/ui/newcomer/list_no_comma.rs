// Wished for: one error at `events` (second name) : "expected `,`"; help: `users, events`.

use auth_api_key::{Authenticator, route, routes};
#[route("/users", auth = "api_key")]
async fn users() {}
#[route("/events", auth = "api_key")]
async fn events() {}
fn main() {
    let _: axum::Router<Authenticator> = routes![
        users
        events
    ]
    .into();
}
