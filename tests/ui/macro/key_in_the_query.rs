use auth_api_key::{ApiKey, route};

#[route("/orders?api_key", auth = "api_key")]
async fn my_service(api_key: ApiKey) {
//~^ 30
    let _ = api_key;
}

fn main() {}
