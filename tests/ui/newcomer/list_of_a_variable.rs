// Wished for: one error at `orders_and_more`: "is a list of routes"; help: `routes![orders].merge(orders_and_more)`.

use auth_api_key::{Authenticator, Routes, route, routes};

#[route("/orders", auth = "api_key")]
async fn orders() {}

#[route("/jobs", auth = "api_key")]
async fn jobs() {}

fn main() {
    let orders_and_more: Routes<Authenticator> = routes![orders];
    let _: Routes<Authenticator> = routes![orders_and_more, jobs];
}
