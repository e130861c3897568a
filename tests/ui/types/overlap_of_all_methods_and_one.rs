use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none", methods = ["GET"])]
async fn orders() {}

#[route("/orders", auth = "none")]
async fn everything() {}

fn main() {
    let _: Routes<()> = routes![orders, everything];
    //~^ 41
}
