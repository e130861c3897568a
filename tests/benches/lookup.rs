//! What a look-up costs that no cache saves, among few keys and a million, and what it costs to
//! import keys: `cargo bench -p tests --bench lookup`.

#[path = "../../auth-api-key/benches/common/mod.rs"]
mod common;

use std::{
    future::Future,
    time::{Duration, Instant},
};

use auth_api_key::{Authenticator, NewKey};
use common::{Contender, compare, shuffled, time};
use tests::cluster::Shared;
use tokio::runtime::Builder;

const FEW: usize = 10;
const IMPORTED: usize = 100_000;
const MANY: usize = 1_000_000;

/// Adds keys that nobody knows, by hand: the rest of `MANY`.
fn fill(shared: &Shared) -> String {
    let (numbers, digest) = match shared {
        Shared::File(_) => (
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})",
                MANY - IMPORTED
            ),
            "randomblob(32)",
        ),
        Shared::Server(_) => (
            format!(
                "WITH n(i) AS (SELECT generate_series(1, {}))",
                MANY - IMPORTED
            ),
            "sha256(id::text::bytea)",
        ),
    };
    format!(
        "{numbers} INSERT INTO api_key (name, user_id) SELECT 'other-' || i, 'user' FROM n;
         INSERT INTO api_key_secret (key_id, digest, pepper_version, hint)
         SELECT id, {digest}, (SELECT max(version) FROM api_key_pepper), '' FROM api_key
         WHERE name LIKE 'other-%';
         ANALYZE"
    )
}

/// Keys whose names are their texts.
fn keys(count: usize) -> impl Iterator<Item = NewKey> {
    (0..count).map(|number| {
        let name = format!("key-{number}");
        NewKey::new(&name, "user").text(name).groups(["shop"])
    })
}

async fn uncached(shared: &Shared) -> Authenticator {
    let builder = Authenticator::builder().cache_capacity(0);
    builder.connect(&shared.url()).await.expect("it opens")
}

async fn measure<F: Future<Output = Option<Shared>>>(
    database: &str,
    new: impl Fn() -> F,
) -> Option<[(Shared, Authenticator, usize); 2]> {
    let (small, large) = (new().await?, new().await?);
    let few = uncached(&small).await;
    few.keys().create_all(keys(FEW)).await.expect("new names");
    let many = uncached(&large).await;
    let start = Instant::now();
    many.keys()
        .create_all(keys(IMPORTED))
        .await
        .expect("new names");
    let took = start.elapsed().as_secs_f64();
    println!("{database}: {IMPORTED} keys imported in {took:.1} s");
    large.execute(&fill(&large)).await;
    Some([(small, few, FEW), (large, many, IMPORTED)])
}

fn main() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime starts");
    let file = || async { Some(Shared::file()) };
    let databases = [
        ("SQLite", runtime.block_on(measure("SQLite", file))),
        (
            "PostgreSQL",
            runtime.block_on(measure("PostgreSQL", Shared::server)),
        ),
    ];
    for (database, measured) in databases {
        let Some(measured) = measured else { continue };
        let contenders = measured.iter().map(|(_, auth, count)| {
            let texts: Vec<String> = shuffled(*count)
                .iter()
                .map(|number| format!("key-{number}"))
                .collect();
            let mut next = 0;
            let runtime = &runtime;
            let among = if *count == FEW { FEW } else { MANY };
            Contender::new(format!("among {among} keys"), move |times| {
                time(times, || {
                    let found = runtime.block_on(auth.verify(&texts[next], &["shop"], None));
                    assert!(found.is_ok(), "{found:?}");
                    next = (next + 1) % texts.len();
                })
            })
        });
        let title = format!("a look-up in {database}");
        compare(&title, 40, 100, |_| Duration::ZERO, contenders.collect());
    }
}
