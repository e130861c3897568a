//! A key whose text comes from the environment of the server and not from its database.
//!
//!     AUTH_API_KEY_WEBSHOP=swordfish cargo run --example environment_keys
//!
//! `KEYS_FILE` may name a file with sections `[api_key_webshop]`, INI or TOML.

use std::error::Error;

use auth_api_key::{
    ApiKey, Authenticator, NewKey, route, routes,
    store::{EnvironmentKeys, MemoryStore},
};
use axum::Router;

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) -> String {
    format!("hello {}\n", key.name)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let store = MemoryStore::new();
    let plain = Authenticator::builder().build(store.clone()).await?;
    let webshop = NewKey::new("Web shop", "user-7").technical_name("webshop");
    let stored = plain.keys().create(webshop).await?;

    let mut keys = EnvironmentKeys::from_env()?;
    if let Some(path) = std::env::var_os("KEYS_FILE") {
        keys = keys.file(path)?;
    }
    println!("the environment gives the texts of {keys:?}");
    let auth = Authenticator::builder()
        .environment(keys)
        .build(store)
        .await?;

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let text = stored.secret.expose();
    println!("the text in the store: curl -H 'API-KEY: {text}' http://{address}/my_service");
    println!("one of your own:       curl -H 'API-KEY: swordfish' http://{address}/my_service");
    let app = Router::new().merge(routes![my_service]).with_state(auth);
    examples::serve(listener, app).await?;
    Ok(())
}
