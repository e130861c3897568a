use auth_api_key::route;

#[route("/partner?a&a", auth = "api_key")]
//~^ 9
async fn my_service(a: u8) {
    let _ = a;
}

fn main() {}
