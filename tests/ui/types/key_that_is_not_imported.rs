use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service(key: ApiKey) {
//~^ 26
    let _ = key;
}

fn main() {}
