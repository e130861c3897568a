// Wished for: one error at `<'a>` or `Cow<'a, str>`: "an argument cannot borrow from the request,
// so a route has no lifetimes"; help: `name: String`.

use auth_api_key::{Authenticator, route, routes};
use std::borrow::Cow;
#[route("/hello/{name}", auth = "api_key")]
async fn hello<'a>(name: Cow<'a, str>) -> Cow<'a, str> {
    name
}
fn main() {
    let _: axum::Router<Authenticator> = routes![hello].into();
}
