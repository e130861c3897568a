//! The type in `Identity<…>` is the one in `auth`, also where the two are written differently.

#![deny(warnings)]

use auth_api_key::{AuthMethod, Identity, Routes, route, routes};
use axum::http::{StatusCode, request::Parts};

mod jwt {
    pub(super) struct Bearer<T>(pub(super) T);
}

use jwt::Bearer;

type MyJwt = Bearer<u8>;

impl AuthMethod for MyJwt {
    type State = ();
    type Identity = String;
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, (): &()) -> Result<String, StatusCode> {
        let Bearer(method) = Bearer(1);
        Ok(format!("{method}"))
    }
}

#[route("/orders", auth = MyJwt)]
async fn orders(Identity(user): Identity<jwt::Bearer<u8>>) -> String {
    user
}

#[route("/users", auth = jwt::Bearer<u8>)]
async fn users(user: Identity<MyJwt>) -> String {
    user.0
}

pub fn main() {
    let _: Routes<()> = routes![orders, users];
}
