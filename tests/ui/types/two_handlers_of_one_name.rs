use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none")]
async fn orders() {}

#[route("/other_orders", auth = "none")]
async fn orders() {}
//~^ 10

fn main() {
    let _: Routes<()> = routes![orders];
}
