//! An own way to authenticate beside API keys: any type that implements `AuthMethod`.
//!
//!     cargo run --example custom_auth

use std::error::Error;

use auth_api_key::{
    ApiKey, AuthMethod, Authenticator, Identity, MemoryStore, NewKey, route, routes,
};
use axum::{
    Router,
    extract::FromRef,
    http::{StatusCode, request::Parts},
};

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    operators: Operators,
}

#[derive(Clone)]
struct Operators(&'static [&'static str]);

/// Admits whoever a proxy in front of this server has named in `X-Operator`.
struct BehindProxy;

struct Operator(String);

impl AuthMethod for BehindProxy {
    type State = Operators;
    type Identity = Operator;
    type Rejection = (StatusCode, &'static str);

    async fn authenticate(
        parts: &mut Parts,
        operators: &Operators,
    ) -> Result<Operator, Self::Rejection> {
        let name = parts
            .headers
            .get("x-operator")
            .and_then(|name| name.to_str().ok());
        name.filter(|name| operators.0.contains(name))
            .map(|name| Operator(name.to_owned()))
            .ok_or((StatusCode::UNAUTHORIZED, "not an operator\n"))
    }
}

#[route("/operations", auth = BehindProxy)]
async fn operations(Identity(operator): Identity<BehindProxy>) -> String {
    format!("hello operator {}\n", operator.0)
}

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) -> String {
    format!("hello {}\n", key.name)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().store(MemoryStore::new()).await?;
    let demo = auth.create(NewKey::new("demo", "demo-user")).await?;

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    println!("curl -H 'X-Operator: ada' http://{address}/operations");
    println!(
        "curl -H 'API-KEY: {}' http://{address}/my_service",
        demo.secret.expose()
    );
    let state = AppState {
        auth,
        operators: Operators(&["ada"]),
    };
    let app = Router::new()
        .merge(routes![operations, my_service])
        .with_state(state);
    examples::serve(listener, app).await?;
    Ok(())
}
