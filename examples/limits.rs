//! A limit of requests for each key: tower_governor counts by the key that the guard has verified.
//!
//!     cargo run --example limits
//!
//! Run the two commands one right after the other: the second is answered with 429. `PORT` changes
//! the address. Ctrl-C stops it.

use std::{error::Error, sync::Arc};

use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator, NewKey, store::MemoryStore};
use axum::{Extension, Router, extract::Request, routing::get};
use tower::ServiceBuilder;
use tower_governor::{
    GovernorError, GovernorLayer, governor::GovernorConfigBuilder, key_extractor::KeyExtractor,
};

/// Counts by the id of the key, which stays the same when the text is rotated.
#[derive(Clone, Debug)]
struct ByKey;

impl KeyExtractor for ByKey {
    type Key = i64;

    fn extract<B>(&self, request: &Request<B>) -> Result<i64, GovernorError> {
        let key = request.extensions().get::<ApiKey>();
        key.map(|key| key.id)
            .ok_or(GovernorError::UnableToExtractKey)
    }
}

async fn orders(Extension(key): Extension<ApiKey>) -> String {
    format!("orders for {}\n", key.name)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let demo = auth.keys().create(NewKey::new("demo", "demo-user")).await?;

    // One request at once, and then one every ten seconds.
    let limit = GovernorConfigBuilder::default()
        .key_extractor(ByKey)
        .burst_size(1)
        .per_second(10)
        .finish()
        .ok_or("a limit must let something through")?;
    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let text = demo.secret.expose();
    for _ in 0..2 {
        println!("curl -H 'API-KEY: {text}' http://{address}/orders");
    }
    // The guard comes first, so that wrong keys do not use up anybody's limit.
    let guarded = ServiceBuilder::new()
        .layer(ApiKeyLayer::new(auth))
        .layer(GovernorLayer::new(Arc::new(limit)));
    let app = Router::new()
        .route("/orders", get(orders))
        .route_layer(guarded);
    Ok(examples::serve(listener, app).await?)
}
