//! Your own way to authenticate besides API keys: any type that implements `AuthMethod`.
//!
//!     cargo run --example custom_auth

use std::{collections::HashMap, error::Error, sync::Arc};

use auth_api_key::{
    ApiKey, AuthMethod, Authenticator, Identity, NewKey, key::Secret, route, routes,
    store::MemoryStore,
};
use axum::{
    Router,
    extract::FromRef,
    http::{StatusCode, request::Parts},
};

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    sessions: Sessions,
}

/// The people who are logged in, by the secret in the cookie of their session.
#[derive(Clone)]
struct Sessions(Arc<HashMap<String, User>>);

#[derive(Clone)]
struct User(&'static str);

/// Admits requests with the cookie of a session.
struct Session;

impl AuthMethod for Session {
    type State = Sessions;
    type Identity = User;
    type Rejection = (StatusCode, &'static str);

    async fn authenticate(parts: &mut Parts, sessions: &Sessions) -> Result<User, Self::Rejection> {
        let cookie = parts
            .headers
            .get("cookie")
            .and_then(|cookie| cookie.to_str().ok());
        let secret = cookie.and_then(|cookie| cookie.strip_prefix("session="));
        let user = secret.and_then(|secret| sessions.0.get(secret));
        user.cloned()
            .ok_or((StatusCode::UNAUTHORIZED, "log in first\n"))
    }
}

#[route("/profile", auth = Session)]
async fn profile(Identity(user): Identity<Session>) -> String {
    format!("hello {}\n", user.0)
}

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) -> String {
    format!("hello {}\n", key.name)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let demo = auth.keys().create(NewKey::new("demo", "demo-user")).await?;
    let session = Secret::issue("session")?; // in production, a log-in makes one

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    println!(
        "curl -H 'Cookie: session={}' http://{address}/profile",
        session.expose()
    );
    println!(
        "curl -H 'API-KEY: {}' http://{address}/my_service",
        demo.secret.expose()
    );
    let users = HashMap::from([(session.expose().to_owned(), User("ada"))]);
    let sessions = Sessions(Arc::new(users));
    let state = AppState { auth, sessions };
    let app = Router::new()
        .merge(routes![profile, my_service])
        .with_state(state);
    examples::serve(listener, app).await?;
    Ok(())
}
