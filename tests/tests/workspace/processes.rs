//! Nodes in separate processes: if one revokes a key, all refuse it. `cargo bench -p tests --bench
//! revocation` measures how fast.

use tests::{
    cluster::{Cluster, Revocation, Shared},
    over_each_database,
};

over_each_database! {
    revoked_key_is_refused_by_the_other_process
}

async fn revoked_key_is_refused_by_the_other_process(shared: Shared) {
    let mut cluster = Cluster::start(env!("CARGO_BIN_EXE_node"), &shared, 6).await;
    for by in [Revocation::Library, Revocation::Sql].repeat(3) {
        cluster.revoke(by).await;
    }
}
