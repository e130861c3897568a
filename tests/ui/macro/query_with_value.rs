use auth_api_key::route;

#[route("/partner?limit=80", auth = "api_key")]
//~^ 9
async fn my_service(limit: u8) {
    let _ = limit;
}

fn main() {}
