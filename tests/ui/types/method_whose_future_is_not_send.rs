use std::rc::Rc;

use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self) {
        //~^ 14
        let held = Rc::new(3);
        std::future::ready(()).await;
        drop(held);
    }
}

fn main() {
    let _ = Shop;
}
