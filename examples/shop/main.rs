//! A service of several modules, to copy from: orders that belong to the key's user, a stock that
//! everybody sees, its own errors and extractor, a layer, and tests.
//!
//!     cargo run --example shop
//!
//! It keeps its keys in `shop.db` (`DATABASE_URL` names another place). It prints which routes are open
//! to whom, and the commands that call them. `PORT` changes the address. Ctrl-C stops it.

mod app;
mod error;
mod language;
mod orders;
mod stock;
#[cfg(test)]
mod tests;

use std::{env, error::Error, time::Duration};

use auth_api_key::{Authenticator, NewKey};

use crate::app::AppState;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:shop.db".to_owned());
    let auth = Authenticator::connect(&url).await?;
    let text = demo_key(&auth).await?;

    let state = AppState::new(auth.clone());
    print!("{}", app::routes());
    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    println!("curl http://{address}/stock");
    println!(
        "curl -H 'API-KEY: {text}' --json '{{\"article\": \"lamp\", \"pieces\": 2}}' \
         http://{address}/orders"
    );
    println!("curl -H 'API-KEY: {text}' http://{address}/orders");
    examples::serve(listener, app::app(state)).await?;
    // Uses of keys are written in the background: write the last ones before the program ends.
    auth.flush().await;
    Ok(())
}

/// The text of a key for this run. In production a key is created once, by `auth-api-key create`.
async fn demo_key(auth: &Authenticator) -> Result<String, auth_api_key::Error> {
    let keys = auth.keys().acting_as("the example");
    let key = match keys.get("shop-demo").await? {
        Some(_) => keys.rotate("shop-demo", Duration::ZERO).await?,
        None => {
            let key = NewKey::new("shop-demo", "customer-7").prefix("shop");
            keys.create(key.groups(["orders"])).await?
        }
    };
    Ok(key.secret.expose().to_owned())
}
