//! Nodes in processes of their own: what is revoked by one is refused by all. How fast is measured
//! by `cargo bench -p tests --bench revocation`.

use tests::cluster::{Cluster, Revocation, Shared};

async fn revoked_key_is_refused_by_the_other_process(shared: Shared) {
    let mut cluster = Cluster::start(env!("CARGO_BIN_EXE_node"), &shared, 6).await;
    for by in [Revocation::Library, Revocation::Sql].repeat(3) {
        cluster.revoke(by).await;
    }
}

#[tokio::test]
async fn key_revoked_in_a_file_is_refused_by_the_other_process() {
    revoked_key_is_refused_by_the_other_process(Shared::file()).await;
}

#[tokio::test]
async fn key_revoked_in_postgres_is_refused_by_the_other_process() {
    if let Some(shared) = Shared::server().await {
        revoked_key_is_refused_by_the_other_process(shared).await;
    }
}
