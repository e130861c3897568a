use auth_api_key::route;

#[route("/{shop}/orders/{order}", auth = "api_key")]
//~^ 9
async fn order(shop_id: u64, order: u64) -> String {
    format!("{shop_id} {order}")
}

fn main() {}
