use auth_api_key::{Routes, route, routes};
use axum::routing::{MethodRouter, get};

#[route("/orders", auth = "none", methods = ["GET"])]
async fn orders() {}

#[route("/orders", auth = "none", methods = ["POST"])]
async fn create() {}

fn main() {
    let _: MethodRouter = get(|| async {});
    let _: Routes<()> = routes![get(orders).post(create)];
    //~^ 33
}
