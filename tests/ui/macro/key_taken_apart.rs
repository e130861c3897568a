use auth_api_key::{ApiKey, route};

#[route("/orders", auth = "api_key")]
async fn orders(ApiKey(key): ApiKey) -> String {
    //~^ 17
    key.name.to_string()
}

fn main() {}
