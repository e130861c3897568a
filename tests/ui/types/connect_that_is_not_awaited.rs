use auth_api_key::{ApiKey, Authenticator, route, routes};
use axum::Router;

#[route("/orders", auth = "api_key")]
async fn orders(key: ApiKey) -> String {
    key.name.clone()
}

fn main() {
    let auth = Authenticator::connect("sqlite:keys.db");
    let _: Router = Router::new().merge(routes![orders]).with_state(auth);
    //~^ 49
}
