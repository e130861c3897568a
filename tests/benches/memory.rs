//! How much memory a node takes for each key, and for each text that is not a key, which it has cached:
//! `cargo bench -p tests --bench memory`.

use std::fs;

use auth_api_key::{Authenticator, NewKey, Reason};
use tests::cluster::Shared;
use tokio::runtime::Runtime;

const CACHED: usize = 100_000;

/// The memory of this process, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = resident.and_then(|kib| kib.split_whitespace().next()?.parse().ok());
    1024 * kib.unwrap_or(0)
}

async fn measure(shared: &Shared) {
    let owner = Authenticator::connect(&shared.url())
        .await
        .expect("a store");
    let keys = (0..CACHED).map(|number| {
        let text = format!("text of {number}");
        NewKey::new(format!("webshop-{number}"), format!("user-{number}"))
            .text(text)
            .groups(["shop", "erp"])
    });
    owner.keys().create_all(keys).await.expect("new keys");
    drop(owner);

    let auth = Authenticator::builder()
        .cache_capacity(CACHED)
        .unknown_capacity(CACHED)
        .connect(&shared.url())
        .await
        .expect("a store");
    let groups = ["shop"];
    let verify = async |text: String| auth.verify(text, &groups, None).await;
    let before = resident();
    for number in 0..CACHED {
        verify(format!("text of {number}")).await.expect("a key");
    }
    let known = resident();
    for number in 0..CACHED {
        let refused = verify(format!("no text of {number}")).await;
        assert_eq!(refused.unwrap_err(), Reason::UnknownKey);
    }
    println!(
        "{}: {} bytes a key, {} bytes a text that is not a key",
        shared.database(),
        known.saturating_sub(before) / CACHED,
        resident().saturating_sub(known) / CACHED
    );
}

fn main() {
    Runtime::new().expect("a runtime starts").block_on(async {
        for shared in Shared::each().await {
            measure(&shared).await;
        }
    });
}
