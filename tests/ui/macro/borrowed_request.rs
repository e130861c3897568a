use auth_api_key::route;
use axum::extract::Request;

#[route("/orders", auth = "api_key")]
async fn orders(request: &mut Request) {
//~^ 26
    let _ = request;
}

fn main() {}
