//! No macro: `ApiKey` as an extractor in plain axum handlers.
//!
//!     cargo run --example plain_axum

use std::error::Error;

use auth_api_key::{ApiKey, Authenticator, NewKey, store::MemoryStore};
use axum::{Router, extract::FromRef, routing::get};

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
}

async fn my_service(key: ApiKey) -> String {
    format!("hello {}\n", key.name)
}

async fn greeting(key: Option<ApiKey>) -> String {
    match key {
        Some(key) => format!("hello {}\n", key.name),
        None => "hello stranger\n".to_owned(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let demo = auth.keys().create(NewKey::new("demo", "demo-user")).await?;

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    println!(
        "curl -H 'API-KEY: {}' http://{address}/my_service",
        demo.secret.expose()
    );
    println!("curl http://{address}/greeting");
    let app = Router::new()
        .route("/my_service", get(my_service))
        .route("/greeting", get(greeting))
        .with_state(AppState { auth });
    examples::serve(listener, app).await?;
    Ok(())
}
