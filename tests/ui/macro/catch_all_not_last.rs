use auth_api_key::route;

#[route("/{*rest}/x", auth = "api_key")]
//~^ 9
async fn my_service(rest: String) {
    let _ = rest;
}

fn main() {}
