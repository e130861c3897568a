use auth_api_key::route;

#[derive(serde::Deserialize)]
pub struct OrderId(u64);

#[route("/orders/{id}", auth = "api_key")]
//~^ 9
async fn one(order: OrderId) -> String {
    order.0.to_string()
}

fn main() {}
