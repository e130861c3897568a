use auth_api_key::{ApiKey, route};

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) {
    let _ = key;
}

/// Its name stays that of a crate, too.
#[route("/serde_json", auth = "none")]
async fn serde_json() -> String {
    serde_json::json!([1]).to_string()
}

async fn around_the_guard(key: ApiKey) {
    my_service::unguarded(key).await;
    //~^ 17
}

fn main() {
    let _ = around_the_guard;
}
