use auth_api_key::route;

#[route("/{shop}/orders/{order}", auth = "none", methods = ["GET"])]
//~^ 9
//~^^ 9
async fn order(shop_id: u64, order_id: u64) {
    let _ = (shop_id, order_id);
}

fn main() {}
