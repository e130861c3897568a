//! What ten million wrong keys do to a node: `cargo bench -p tests --bench flood`.
//!
//! Each key is asked for once, over a store in memory, and a hundred thousand more over PostgreSQL.
//! Keys in use are asked for all the while. Printed are the time a wrong key takes, how the process
//! has grown, and how often the store was asked for the keys in use.

use std::time::Instant;

use auth_api_key::{Authenticator, store::MemoryStore};
use tests::{
    GatedStore,
    flood::{flood, resident, warm},
    postgres::Database,
};

#[tokio::main]
async fn main() {
    let store = GatedStore::over(MemoryStore::new());
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    let keys = warm(&auth, 100).await;
    // The caches are full, and the allocator has what it needs.
    flood(&auth, &keys, 0..200_000, 8).await;
    let (before, asked) = (resident(), store.finds());
    let start = Instant::now();
    const MANY: usize = 10_000_000;
    flood(&auth, &keys, 200_000..200_000 + MANY, 8).await;
    println!(
        "memory: {:.2} µs a wrong key, {before} KiB before and {} KiB after, {} look-ups of keys in use",
        start.elapsed().as_secs_f64() * 1e6 / MANY as f64,
        resident(),
        store.finds() - asked - MANY,
    );

    let Some(database) = Database::new().await else {
        return;
    };
    let builder = Authenticator::builder().connections(3);
    let auth = builder.connect(&database.url()).await.unwrap();
    let keys = warm(&auth, 100).await;
    flood(&auth, &keys, 0..10_000, 256).await;
    let before = resident();
    let start = Instant::now();
    const FEWER: usize = 100_000;
    flood(&auth, &keys, 10_000..10_000 + FEWER, 256).await;
    println!(
        "PostgreSQL: {:.1} µs a wrong key, 256 at a time over 3 connections, {before} KiB before and {} KiB after",
        start.elapsed().as_secs_f64() * 1e6 / FEWER as f64,
        resident(),
    );
}
