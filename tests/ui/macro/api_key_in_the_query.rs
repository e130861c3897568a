use auth_api_key::route;

#[route("/orders?api_key", auth = "api_key")]
async fn orders(api_key: String) {
//~^ 26
    let _ = api_key;
}

fn main() {}
