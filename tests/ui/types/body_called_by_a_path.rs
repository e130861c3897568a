use auth_api_key::{ApiKey, route};

async fn around_the_guard(key: ApiKey) {
    my_service::my_service(key).await;
    //~^ 5
}

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) {
    let _ = key;
}

fn main() {
    let _ = around_the_guard;
}
