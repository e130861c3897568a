use auth_api_key::{ApiKey, route};

#[route("/a", auth = "public")]
async fn my_service(key: ApiKey) {
//~^ 26
    let _ = key;
}

fn main() {}
