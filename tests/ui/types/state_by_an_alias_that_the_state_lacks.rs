use std::sync::Arc;

use auth_api_key::{Authenticator, Routes, route, routes};
use axum::extract::State;

struct Shop;

type OfShop = State<Arc<Shop>>;

#[route("/orders", auth = "api_key")]
async fn orders(State(shop): OfShop) {
    let _ = shop;
}

fn main() {
    let _: Routes<Authenticator> = routes![orders];
    //~^ 44
}
