use auth_api_key::route;
use axum::{Router, routing::get};

#[derive(Clone)]
struct AppState {}

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

fn main() {
    let _: Router = Router::new().route("/my_service", get(my_service)).with_state(AppState {});
    //~^ 60
}
