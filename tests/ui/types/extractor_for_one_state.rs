use std::convert::Infallible;

use auth_api_key::{Authenticator, route};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    tenant: String,
}

#[derive(serde::Deserialize)]
struct Tenant(String);

impl FromRequestParts<AppState> for Tenant {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(state.tenant.clone()))
    }
}

#[route("/orders", auth = "api_key")]
async fn orders(tenant: Tenant) -> String {
//~^ 25
    tenant.0
}

fn main() {}
