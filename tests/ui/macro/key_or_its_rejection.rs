use auth_api_key::{ApiKey, Rejection, route};

#[route("/a", auth = "public")]
async fn my_service(key: Result<ApiKey, Rejection>) {
//~^ 26
    let _ = key;
}

fn main() {}
