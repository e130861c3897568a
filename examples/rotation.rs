//! A key gets a new text, and the old text still works until the callers have the new one.
//!
//!     cargo run --example rotation
//!
//! It ends by itself, after about two seconds.

use std::{error::Error, time::Duration};

use auth_api_key::{Authenticator, NewKey, store::MemoryStore};

/// In production, as long as it takes to give all callers the new text: hours or days.
const OVERLAP: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let old = auth
        .keys()
        .create(NewKey::new("webshop", "user-7"))
        .await?
        .secret;
    println!("created: the key is {}", tried(&auth, old.expose()).await);

    let new = auth.keys().rotate("webshop", OVERLAP).await?.secret;
    println!("rotated, with an overlap of {OVERLAP:?}:");
    println!("  the old text is {}", tried(&auth, old.expose()).await);
    println!("  the new text is {}", tried(&auth, new.expose()).await);

    tokio::time::sleep(OVERLAP).await;
    println!("after the overlap:");
    println!("  the old text is {}", tried(&auth, old.expose()).await);
    println!("  the new text is {}", tried(&auth, new.expose()).await);
    Ok(())
}

async fn tried(auth: &Authenticator, text: &str) -> String {
    match auth.verify(text, &[], None).await {
        Ok(key) => format!("admitted as {}", key.name),
        Err(reason) => format!("refused: {reason:?}"),
    }
}
