//! One handler, guarded by an API key in a SQLite file.
//!
//!     cargo run --example my_service
//!
//! Environment: `DATABASE_URL` (default `sqlite:my_service.db`), `PORT` (default 8069).

use std::{env, time::Duration};

use auth_api_key::{
    ApiKey, Authenticator, Error, NewKey, error::StateError, key::CreatedKey, route, routes,
};
use axum::Router;

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) -> String {
    format!("hello {}, you act for user {}\n", key.name, key.user)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:my_service.db".to_owned());
    let auth = Authenticator::connect(&url).await?;

    // Before the key is made: a second run that cannot listen must not replace the first run's key.
    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let demo = demo_key(&auth).await?;
    println!(
        "curl -H 'API-KEY: {}' http://{address}/my_service",
        demo.secret.expose()
    );
    let app = Router::new().merge(routes![my_service]).with_state(auth);
    examples::serve(listener, app).await?;
    Ok(())
}

/// A key's text is shown once, so a second run rotates the key to get a new text.
async fn demo_key(auth: &Authenticator) -> Result<CreatedKey, Error> {
    match auth
        .keys()
        .create(NewKey::new("demo", "demo-user").prefix("demo"))
        .await
    {
        Err(Error::State(StateError::NameTaken { .. })) => {
            auth.keys().unarchive("demo").await?;
            auth.keys().rotate("demo", Duration::ZERO).await
        }
        created => created,
    }
}
