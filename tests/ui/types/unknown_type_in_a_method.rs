use auth_api_key::controller;
use axum::Json;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders(order: Json<Order>) {
        //~^ 33
        let _ = order;
    }
}

fn main() {}
