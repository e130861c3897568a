//! Two nodes over one PostgreSQL database: a change on one takes effect on the other at once.
//!
//!     cargo run --example cluster
//!
//! It ends by itself. Environment: `DATABASE_URL` (`postgres://user@host/database`). Without it, the
//! example starts a PostgreSQL server only for this run, if one is installed.

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use auth_api_key::{Authenticator, NewKey};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let server = match env::var("DATABASE_URL") {
        Ok(_) => None,
        Err(_) => {
            println!("no DATABASE_URL: starting a PostgreSQL server for this run alone");
            Some(examples::postgres::Postgres::start(&[])?)
        }
    };
    let url = match &server {
        Some(server) => server.url(),
        None => env::var("DATABASE_URL")?,
    };
    // In production, each node is a process on another machine.
    let here = Authenticator::connect(&url).await?;
    let there = Authenticator::connect(&url).await?;

    for round in 1..=5 {
        let created = here
            .keys()
            .create(NewKey::new("cluster-demo", "demo-user"))
            .await?;
        let text = created.secret.expose();
        let key = there.verify(text, &[], None).await;
        let key = key.map_err(|reason| format!("refused: {reason:?}"))?;
        println!(
            "round {round}: one node created {:?}, the other admits it",
            key.name
        );

        here.keys().delete("cluster-demo").await?;
        let deleted = Instant::now();
        while there.verify(text, &[], None).await.is_ok() {
            tokio::time::sleep(Duration::from_micros(100)).await;
        }
        let took = deleted.elapsed();
        println!("round {round}: one node deleted it, the other refuses it {took:?} later");
    }
    Ok(())
}
