use auth_api_key::{route, routes};
use axum::Router;

#[route("/health", auth = "none")]
async fn health() {}

fn main() {
    let _app: Router = Router::new().nest("/api", routes![health]);
    //~^ 51
}
