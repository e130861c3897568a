use auth_api_key::{AuthMethod, Identity, Routes, route, routes};
use axum::http::{StatusCode, request::Parts};

struct MyJwt;
struct Claims {
    user: String,
}

impl AuthMethod for MyJwt {
    type State = ();
    type Identity = Claims;
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, (): &()) -> Result<Claims, StatusCode> {
        Err(StatusCode::UNAUTHORIZED)
    }
}

#[route("/orders", auth = MyJwt)]
async fn orders(Identity(claims): Identity<Claims>) -> String {
    //~^ 44
    claims.user
}

fn main() {
    let _: Routes<()> = routes![orders];
}
