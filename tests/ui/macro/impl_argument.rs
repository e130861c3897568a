use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service(body: impl Send) {
//~^ 27
    let _ = body;
}

fn main() {}
