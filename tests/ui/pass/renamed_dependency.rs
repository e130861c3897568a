//! `crate = …` names the runtime crate where it goes by another name.

extern crate auth_api_key as my_auth;

mod auth_api_key {}

use axum::Router;

#[my_auth::route("/my_service/{id}?page", auth = "api_key", crate = my_auth)]
async fn my_service(key: my_auth::ApiKey, id: u8, page: Option<u8>, body: String) {
    let _ = (key, id, page, body);
}

pub fn main() {
    let _: Router<my_auth::Authenticator> = Router::new().merge(my_auth::routes![my_service]);
}
