use auth_api_key::route;

#[route("/{a}{b}", auth = "api_key")]
//~^ 9
async fn my_service(a: u8, b: u8) {
    let _ = (a, b);
}

fn main() {}
