// Wished for: one error at the second `orders`: "`orders` is a route"; help: `get(orders)`, or `.merge(routes![orders])`.

use auth_api_key::{Authenticator, route};
use axum::Router;

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn main() {
    let _: Router<Authenticator> = Router::new().route("/orders", orders);
}
