//! A tower layer guards a router that exists already; its handlers do not change.
//!
//!     cargo run --example layer

use std::error::Error;

use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator, NewKey, store::MemoryStore};
use axum::{Extension, Router, routing::get};

async fn stock() -> &'static str {
    "plenty\n"
}

async fn orders(Extension(key): Extension<ApiKey>) -> String {
    format!("orders for {}\n", key.name)
}

fn existing_router() -> Router {
    Router::new()
        .route("/stock", get(stock))
        .route("/orders", get(orders))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let demo = auth
        .keys()
        .create(NewKey::new("demo", "demo-user").groups(["shop"]))
        .await?;

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    println!(
        "curl -H 'API-KEY: {}' http://{address}/orders",
        demo.secret.expose()
    );
    let app = existing_router().route_layer(ApiKeyLayer::new(auth).groups(["shop"]));
    examples::serve(listener, app).await?;
    Ok(())
}
