use auth_api_key::{ApiKey, route};

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) {
    Box::pin(my_service(key)).await;
    //~^ 25
}

fn main() {}
