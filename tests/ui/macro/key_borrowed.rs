use auth_api_key::{ApiKey, route};

#[route("/orders", auth = "api_key")]
async fn orders(key: &ApiKey) -> String {
    //~^ 22
    key.name.to_string()
}

fn main() {}
