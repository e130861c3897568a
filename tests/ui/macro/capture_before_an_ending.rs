use auth_api_key::route;

#[route("/calendar/{token}.ics", auth = "none")]
//~^ 9
async fn my_service(token: String) {
    let _ = token;
}

fn main() {}
