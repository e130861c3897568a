use std::cell::Cell;

use auth_api_key::controller;

#[derive(Clone)]
struct Shop(Cell<u8>);

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {
        //~^ 14
        self.0.set(1);
    }
}

fn main() {
    let _ = Shop(Cell::new(0));
}
