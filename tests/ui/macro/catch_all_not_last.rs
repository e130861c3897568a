use auth_api_key::route;

#[route("/{*rest}/x", auth = "api_key")]
async fn my_service(rest: String) {
    let _ = rest;
}

fn main() {}
