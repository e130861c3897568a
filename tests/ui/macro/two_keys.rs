use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service(key: auth_api_key::ApiKey, other: auth_api_key::ApiKey) {
//~^ 55
    let _ = (key, other);
}

fn main() {}
