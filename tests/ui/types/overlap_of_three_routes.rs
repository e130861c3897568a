use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none")]
async fn first() {}

#[route("/orders", auth = "none")]
async fn second() {}

#[route("/orders", auth = "none")]
async fn third() {}

fn main() {
    let _: Routes<()> = routes![first, second, third];
    //~^ 40
}
