//! What it costs to verify a key: `cargo bench -p auth-api-key --bench verify`.
//!
//! Keys have 48 bytes and are verified in shuffled order, with every check of production.

mod common;

use std::{hint::black_box, time::Duration};

use auth_api_key::{Authenticator, NewKey, Reason, store::MemoryStore};
use common::{Contender, compare, shuffled, time};
use futures_util::FutureExt;
use sha2::{Digest, Sha256};
use tokio::runtime::Builder;

const COUNTS: [usize; 4] = [1, 1_000, 100_000, 1_000_000];

/// An authenticator that has the keys in its cache, and their texts in shuffled order.
async fn warm(count: usize) -> (Authenticator, Vec<[u8; 48]>) {
    let auth = Authenticator::builder()
        .cache_capacity(2 * count)
        .build(MemoryStore::new())
        .await
        .expect("a memory store opens");
    let mut texts = Vec::with_capacity(count);
    for index in 0..count {
        let key = NewKey::new(format!("key-{index}"), "user")
            .prefix("benchmark")
            .groups(["shop"]);
        let created = auth.keys().create(key).await.expect("the name is new");
        texts.push(
            created
                .secret
                .expose()
                .as_bytes()
                .try_into()
                .expect("48 bytes"),
        );
    }
    for text in &texts {
        auth.verify(text, &["shop"], None)
            .await
            .expect("the key is there");
    }
    let texts = shuffled(count)
        .into_iter()
        .map(|index| texts[index])
        .collect();
    (auth, texts)
}

fn main() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts");
    for count in COUNTS {
        let (auth, texts) = runtime.block_on(warm(count));
        let mut next = 0;
        let cached = Contender::new("cached key", |times| {
            time(times, || {
                let verified = auth.verify(black_box(&texts[next]), &["shop"], None);
                black_box(verified.now_or_never().expect("cached").expect("valid"));
                next = (next + 1) % texts.len();
            })
        });
        let wrong = [b'x'; 48];
        let unknown = Contender::new("unknown key, remembered", |times| {
            // The cache remembers it for five seconds, and the rounds take longer.
            let refused = runtime.block_on(auth.verify(wrong, &["shop"], None));
            assert_eq!(refused, Err(Reason::UnknownKey));
            time(times, || {
                let verified = auth.verify(black_box(wrong), &["shop"], None);
                black_box(
                    verified
                        .now_or_never()
                        .expect("cached")
                        .expect_err("unknown"),
                );
            })
        });
        let sha = Contender::new("SHA-256 of 48 bytes alone", |times| {
            time(times, || {
                black_box(Sha256::digest(black_box([7_u8; 48])));
            })
        });
        let title = format!("verification among {count} keys");
        compare(
            &title,
            100,
            20_000,
            |_| Duration::ZERO,
            vec![sha, cached, unknown],
        );
    }
}
