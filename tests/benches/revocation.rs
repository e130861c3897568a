//! How long a revoked key still works on another node: `cargo bench -p tests --bench revocation`.
//!
//! Two processes serve the keys of one database over real sockets. Both have the key cached when one
//! of them, or a statement by hand, revokes it. Meanwhile a client sends the key to the other all the
//! time. The benchmark measures the time from the return of the revocation to the last request that is
//! admitted. Then it measures what it costs an idle node to watch for changes.

#[path = "../../auth-api-key/benches/common/mod.rs"]
mod common;

use std::time::Duration;

use common::shuffled;
use tests::cluster::{Cluster, Revocation, Shared};

const ROUNDS: usize = 200;
/// How long the node is idle.
const IDLE: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() {
    for shared in Shared::each().await {
        let database = shared.database();
        let ways = [Revocation::Library, Revocation::Sql];
        let mut cluster =
            Cluster::start(env!("CARGO_BIN_EXE_node"), &shared, ways.len() * ROUNDS).await;
        for by in ways {
            let mut times = Vec::with_capacity(ROUNDS);
            // Revoke at different times between two polls of the node.
            for phase in shuffled(ROUNDS) {
                tokio::time::sleep(Duration::from_millis(100) * phase as u32 / ROUNDS as u32).await;
                times.push(cluster.revoke(by).await.as_secs_f64() * 1e3);
            }
            times.sort_by(f64::total_cmp);
            println!(
                "{database}, revoked by {by:?}: p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms ({ROUNDS} rounds)",
                times[ROUNDS / 2],
                times[ROUNDS * 99 / 100],
                times[ROUNDS - 1],
            );
        }
        let before = cluster.on_cpu();
        tokio::time::sleep(IDLE).await;
        let on_cpu = (cluster.on_cpu() - before).as_secs_f64();
        let minutes = IDLE.as_secs_f64() / 60.0;
        println!(
            "{database}, idle node: {:.2} CPU seconds per minute",
            on_cpu / minutes
        );
    }
}
