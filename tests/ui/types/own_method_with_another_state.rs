use auth_api_key::{AuthMethod, route, routes};
use axum::{
    Router,
    http::{StatusCode, request::Parts},
};

#[derive(Clone)]
struct AppState;

struct MyJwt;

impl AuthMethod for MyJwt {
    type State = String;
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, _: &String) -> Result<(), StatusCode> {
        Ok(())
    }
}

#[route("/my_service", auth = MyJwt)]
async fn my_service() {}

fn main() {
    let _: Router = Router::new().merge(routes![my_service]).with_state(AppState);
    //~^ 49
}
