use std::fmt::Display;

use auth_api_key::route;

#[route("/orders/{id}", auth = "api_key")]
fn page_of<T: Display>(id: T, size: u32) -> String {
    //~^ 4
    format!("{id} {size}")
}

async fn orders(id: u64) -> String {
    page_of(id, 10)
}

fn main() {
    let _ = orders(7);
}
