use auth_api_key::route;

#[route("/partner?limit,offset", auth = "api_key")]
//~^ 9
async fn my_service(limit: u8, offset: u8) {
    let _ = (limit, offset);
}

fn main() {}
