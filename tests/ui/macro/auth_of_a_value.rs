use auth_api_key::{AuthMethod, route};
use axum::http::{StatusCode, request::Parts};

pub struct MyJwt;

impl MyJwt {
    pub fn new(_secret: &str) -> Self {
        Self
    }
}

impl AuthMethod for MyJwt {
    type State = ();
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, _: &()) -> Result<(), StatusCode> {
        Err(StatusCode::UNAUTHORIZED)
    }
}

#[route("/profile", auth = MyJwt::new("secret"))]
//~^ 28
async fn profile() {}

fn main() {}
