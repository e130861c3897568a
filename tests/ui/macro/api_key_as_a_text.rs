use auth_api_key::{ApiKey, route};

#[route("/orders", auth = "api_key", methods = ["GET"])]
async fn orders(api_key: String) {
    //~^ 26
    let _ = api_key;
    let _: Option<ApiKey> = None;
}

fn main() {}
