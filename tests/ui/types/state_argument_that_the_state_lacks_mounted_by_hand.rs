use auth_api_key::route;
use axum::{Router, extract::State, routing::get};

#[derive(Clone)]
struct AppState;

#[route("/my_service", auth = "none")]
async fn my_service(State(limit): State<u32>) {
    let _ = limit;
}

fn main() {
    let _: Router = Router::new().route("/", get(my_service)).with_state(AppState);
    //~^ 50
}
