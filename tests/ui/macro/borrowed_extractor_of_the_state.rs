use auth_api_key::route;
use axum::extract::State;

#[route("/orders", auth = "api_key")]
async fn my_service(state: &State<u32>) {
//~^ 28
    let _ = state;
}

fn main() {}
