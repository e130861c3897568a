use auth_api_key::{Routes, route, routes};
use axum::Router;

#[route("/my_service", auth = "none")]
async fn my_service() {}

fn router() -> Router {
    Router::new()
}

fn main() {
    let _: Routes<()> = routes![my_service, router()];
    //~^ 45
}
