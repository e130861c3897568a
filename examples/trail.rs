//! Who did what: the trail of changes by two people and by hand, in SQLite.
//!
//!     cargo run --example trail
//!
//! It makes a database in a temporary folder, and ends by itself.

use std::{error::Error, time::Duration};

use auth_api_key::{Authenticator, NewKey, key::TrailFilter};
use sqlx::{Connection, SqliteConnection};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("keys.db").display());
    let auth = Authenticator::connect(&url).await?;

    let alice = auth.keys().acting_as("alice");
    alice
        .create(NewKey::new("webshop", "user-7").groups(["shop"]))
        .await?;
    let bob = auth.keys().acting_as("bob");
    bob.rotate("webshop", Duration::from_secs(60 * 60)).await?;
    bob.create(NewKey::new("backup", "user-8")).await?;
    // Neither of them says so, and it is in the trail all the same.
    let mut by_hand = SqliteConnection::connect(&url).await?;
    sqlx::query("UPDATE api_key SET active = FALSE WHERE name = 'webshop'")
        .execute(&mut by_hand)
        .await?;
    by_hand.close().await?;
    alice.delete("webshop").await?;

    // It is kept, though the key is gone.
    let trail = auth.maintenance();
    let page = trail
        .trail(&TrailFilter::new().key("webshop").oldest_first())
        .await?;
    for event in page.items {
        let who = event.actor.or(event.session_user).unwrap_or_default();
        let changed: Vec<String> = event.changed.into_iter().map(|(field, _)| field).collect();
        println!("{who} {} webshop: {}", event.action, changed.join(", "));
    }
    Ok(())
}
