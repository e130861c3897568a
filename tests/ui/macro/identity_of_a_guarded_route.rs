use auth_api_key::{AuthMethod, Identity, route};
use axum::http::{StatusCode, request::Parts};

struct MyJwt;

impl AuthMethod for MyJwt {
    type State = ();
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, _: &()) -> Result<(), StatusCode> {
        Ok(())
    }
}

#[route("/a", auth = "api_key")]
async fn my_service(who: Identity<MyJwt>) {
//~^ 26
    let _ = who;
}

fn main() {}
