use std::sync::Arc;

use auth_api_key::{ApiKey, route};

#[route("/a", auth = "api_key")]
async fn my_service(key: Arc<ApiKey>) {
//~^ 26
    let _ = key;
}

fn main() {}
