use auth_api_key::route;

#[route("/orders", auth = "none", methods = ["POST"])]
async fn orders(api_key: String, order: String) {
//~^ 26
    let _ = (api_key, order);
}

fn main() {}
