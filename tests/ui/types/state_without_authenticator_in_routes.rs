use auth_api_key::{route, routes};
use axum::Router;

#[derive(Clone)]
struct AppState {}

#[route("/my_service", auth = "public")]
async fn my_service() {}

fn main() {
    let _: Router = Router::new().merge(routes![my_service]).with_state(AppState {});
    //~^ 49
}
