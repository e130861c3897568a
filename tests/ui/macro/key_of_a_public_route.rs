use auth_api_key::route;

#[route("/a", auth = "public")]
async fn my_service(key: auth_api_key::ApiKey) {
//~^ 26
    let _ = key;
}

fn main() {}
