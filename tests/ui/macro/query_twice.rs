use auth_api_key::route;

#[route("/partner?a&a", auth = "api_key")]
async fn my_service(a: u8) {
    let _ = a;
}

fn main() {}
