//! A pattern says what an alias stands for.
#![deny(warnings)]

use auth_api_key::{Authenticator, Routes, route, routes};
use axum::extract::{Path, Query, State};

type Id = Path<i64>;
type Filter = Query<Vec<(String, String)>>;
type Auth = State<Authenticator>;

#[route("/orders/{id}", auth = "api_key")]
async fn order(State(auth): Auth, Path(id): Id, Query(filter): Filter) -> String {
    let _ = (auth, filter);
    id.to_string()
}

pub(crate) fn main() {
    let _: Routes<Authenticator> = routes![order];
}
