//! What a look-up without a cache costs, among few keys and among a million, compared with the same
//! statement on one connection and with a query by one unique index; and what it costs to import keys:
//! `cargo bench -p tests --bench lookup`.

#[path = "../../auth-api-key/benches/common/mod.rs"]
mod common;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use auth_api_key::{Authenticator, NewKey};
use common::{Contender, compare, shuffled};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tests::cluster::Shared;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Mutex,
};

const FEW: usize = 10;
const IMPORTED: usize = 100_000;
const MANY: usize = 1_000_000;

/// Adds more keys in SQL, up to `MANY`. Nobody knows their texts.
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

/// The statement of a look-up, as `auth-api-key/src/store/sql/read.rs` writes it.
fn statement(shared: &Shared) -> String {
    let array_of_codes = match shared {
        Shared::File(_) => "json_group_array(g.code)",
        Shared::Server(_) => "coalesce(jsonb_agg(g.code), '[]')",
    };
    format!(
        "SELECT k.id, k.name, k.technical_name, k.user_id, k.networks, k.metadata,
                k.expires_at, k.active, k.created_at, u.active AS user_active,
                coalesce((SELECT used_at FROM api_key_use WHERE key_id = k.id), 0) AS used_at,
                (SELECT {array_of_codes} FROM api_key_group_member m
                 JOIN api_key_group g ON g.id = m.group_id
                 WHERE m.key_id = k.id) AS group_codes, s.digest, s.hint, s.valid_until
         FROM api_key k JOIN api_key_user u ON u.id = k.user_id
         JOIN api_key_secret s ON s.key_id = k.id WHERE s.digest IN ($1)"
    )
}

const ONE_INDEX: &str = "SELECT key_id FROM api_key_secret WHERE digest = $1";

/// One connection, with the settings of the connections for look-ups.
#[derive(Clone)]
enum Bare {
    File(Arc<Mutex<SqliteConnection>>),
    Server(Arc<Mutex<PgConnection>>),
}

impl Bare {
    async fn connect(shared: &Shared) -> Self {
        match shared {
            Shared::File(file) => Self::File(Arc::new(Mutex::new(file.connection().await))),
            Shared::Server(database) => {
                let connection = PgConnection::connect(&database.url()).await;
                Self::Server(Arc::new(Mutex::new(connection.expect("it connects"))))
            }
        }
    }

    /// The digests of the imported keys, in the order of their ids.
    async fn digests(&self) -> Vec<Vec<u8>> {
        let digests = "SELECT digest FROM api_key_secret WHERE hint = '' AND key_id IN
             (SELECT id FROM api_key WHERE name LIKE 'key-%') ORDER BY key_id";
        let digests = match self {
            Self::File(one) => {
                let mut one = one.lock().await;
                sqlx::query_scalar(digests).fetch_all(&mut *one).await
            }
            Self::Server(one) => {
                let mut one = one.lock().await;
                sqlx::query_scalar(digests).fetch_all(&mut *one).await
            }
        };
        digests.expect("they are read")
    }

    async fn ask(&self, statement: &str, digest: &[u8]) {
        let statement = AssertSqlSafe(statement);
        let found = match self {
            Self::File(one) => {
                let row = sqlx::query(statement).bind(digest);
                let row = row.fetch_optional(&mut *one.lock().await).await;
                row.expect("it answers").is_some()
            }
            Self::Server(one) => {
                let row = sqlx::query(statement).bind(digest);
                let row = row.fetch_optional(&mut *one.lock().await).await;
                row.expect("it answers").is_some()
            }
        };
        assert!(found);
    }
}

/// Something to do with one key after another. It runs in a task, as in a server.
fn contender<'a, F: Future<Output = ()> + Send>(
    runtime: &'a Runtime,
    name: String,
    keys: usize,
    once: impl Fn(usize) -> F + Clone + Send + Sync + 'static,
) -> Contender<'a> {
    let next = Arc::<AtomicUsize>::default();
    Contender::new(name, move |times| {
        let (once, next) = (once.clone(), Arc::clone(&next));
        let measuring = runtime.spawn(async move {
            let start = Instant::now();
            for _ in 0..times {
                once(next.fetch_add(1, Ordering::Relaxed) % keys).await;
            }
            start.elapsed()
        });
        runtime.block_on(measuring).expect("it succeeds")
    })
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
        let mut contenders = Vec::new();
        for (shared, auth, count) in &measured {
            let among = if *count == FEW { FEW } else { MANY };
            let bare = runtime.block_on(Bare::connect(shared));
            let order = shuffled(*count);
            let digests = runtime.block_on(bare.digests());
            let digests = order.iter().map(|number| digests[*number].clone());
            let digests: Arc<Vec<Vec<u8>>> = Arc::new(digests.collect());
            let texts = order.iter().map(|number| format!("key-{number}"));
            let texts: Arc<Vec<String>> = Arc::new(texts.collect());
            for (name, statement) in [
                ("one unique index", ONE_INDEX.to_owned()),
                ("the statement, bare", statement(shared)),
            ] {
                let (bare, digests) = (bare.clone(), Arc::clone(&digests));
                let name = format!("{name}, among {among} keys");
                contenders.push(contender(&runtime, name, *count, move |next| {
                    let (bare, digests) = (bare.clone(), Arc::clone(&digests));
                    let statement = statement.clone();
                    async move { bare.ask(&statement, &digests[next]).await }
                }));
            }
            let auth = auth.clone();
            let name = format!("a look-up, among {among} keys");
            contenders.push(contender(&runtime, name, *count, move |next| {
                let (auth, texts) = (auth.clone(), Arc::clone(&texts));
                async move {
                    let found = auth.verify(&texts[next], &["shop"], None).await;
                    assert!(found.is_ok(), "{found:?}");
                }
            }));
        }
        let ratios = compare(database, 40, 100, |_| Duration::ZERO, contenders);
        let [index, bare, look_up, many_index, many_bare, many] = ratios[..] else {
            unreachable!("there are six");
        };
        for (among, index, bare, look_up) in [
            (FEW, index, bare, look_up),
            (MANY, many_index, many_bare, many),
        ] {
            println!(
                "{database}, {among} keys: a look-up is {:.2} of the bare statement, {:.2} of one index",
                look_up / bare,
                look_up / index
            );
        }
        println!(
            "{database}, from {FEW} to {MANY} keys: a look-up grows to {:.2}, the statement to {:.2}",
            many / look_up,
            many_bare / bare
        );
    }
}
