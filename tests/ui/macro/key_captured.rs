use auth_api_key::{ApiKey, route};

#[route("/orders/{key}", auth = "public")]
async fn my_service(key: Option<ApiKey>) {
//~^ 26
    let _ = key;
}

fn main() {}
