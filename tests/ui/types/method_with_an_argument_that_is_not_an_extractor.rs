use auth_api_key::controller;

struct Shop;
#[derive(serde::Deserialize)]
struct Order;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders(order: Order) {
        //~^ 28
        let _ = order;
    }
}

fn main() {
    let _ = (Shop, Order);
}
