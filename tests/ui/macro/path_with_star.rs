use auth_api_key::route;

#[route("/files/*rest", auth = "api_key")]
//~^ 9
async fn files(rest: String) {
    let _ = rest;
}

fn main() {}
