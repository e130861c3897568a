use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service<T: Send>(body: T) {
//~^ 21
    let _ = body;
}

fn main() {}
