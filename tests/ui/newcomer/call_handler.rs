// Wished for: one error at `orders` in `orders(key)`: "`orders` is a route (a unit struct), not a
// function, so that nobody gets around its guard"; help: move the body into a function of its own,
// and call that from both.

use auth_api_key::{ApiKey, Authenticator, route, routes};
#[route("/orders", auth = "api_key", methods = ["GET"])]
async fn orders(key: ApiKey) -> String {
    key.name.to_string()
}
#[route("/dashboard", auth = "api_key", methods = ["GET"])]
async fn dashboard(key: ApiKey) -> String {
    let list = orders(key.clone()).await;
    format!("dashboard of {}: {list}", key.name)
}
fn main() {
    let _: axum::Router<Authenticator> = routes![orders, dashboard].into();
}
