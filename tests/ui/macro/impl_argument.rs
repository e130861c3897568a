use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service(body: impl Send) {
    let _ = body;
}

fn main() {}
