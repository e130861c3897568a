use auth_api_key::route;

#[route("/orders", auth = "api_key", methods = ["POST"])]
async fn orders(token: String, order: String) {
//~^ 24
    let _ = (token, order);
}

fn main() {}
