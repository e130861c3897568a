use auth_api_key::{Authenticator, route};
use axum::{Router, routing::get};

#[route("/my_service", auth = "api_key")]
async fn my_service() {
    let _: Router<Authenticator> = Router::new().route("/around_the_guard", get(my_service));
    //~^ 81
}

fn main() {}
