//! What a page of 50 keys costs among a million, the first one and the last, by each order and for
//! each filter: `cargo bench -p tests --bench list`.

use std::time::{Duration, Instant, SystemTime};

use auth_api_key::{
    Authenticator,
    key::{Cursor, KeyFilter, KeyOrder, KeyState},
};
use tests::cluster::Shared;
use tokio::runtime::Builder;

const MANY: usize = 1_000_000;
const ROUNDS: usize = 9;

/// What nobody watches need not be announced: SQLite's triggers are called for each row.
const UNANNOUNCED: &str = "DROP TRIGGER api_key_inserted; DROP TRIGGER api_key_replaced;
    DROP TRIGGER api_key_secret_inserted; DROP TRIGGER api_key_secret_replaced;
    DROP TRIGGER api_key_group_member_inserted;";

/// A million keys of 10,000 users, in groups of 100, 1,000, 10,000 and 100,000 keys and of all. Some are
/// archived, expired or expiring, and three in four were used.
fn fill(shared: &Shared) -> String {
    let (begin, numbers, digest) = match shared {
        Shared::File(_) => (
            // In memory until all is there.
            "PRAGMA cache_size = -500000; BEGIN",
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
                  SELECT i FROM n)"
            ),
            "randomblob(32)",
        ),
        Shared::Server(_) => (
            "BEGIN",
            format!("(SELECT generate_series(1, {MANY}) AS i)"),
            "sha256(k.id::text::bytea)",
        ),
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.expect("it is after 1970").as_millis();
    // A step that is coprime to the number of keys scatters what belongs together.
    let scattered = format!("(i * 7919 % {MANY})");
    format!(
        "{begin};
         INSERT INTO api_key_user (id) SELECT 'user-' || i FROM {numbers} AS n WHERE i <= 10000;
         INSERT INTO api_key (name, user_id, active, expires_at, created_at)
         SELECT 'key-' || {scattered}, 'user-' || (i % 10000 + 1), i % 2000 <> 0,
                CASE i % 1000 WHEN 1 THEN {now} - 1000 WHEN 2 THEN {now} + 3600000
                              WHEN 3 THEN {now} * 2 END, {now}
         FROM {numbers} AS n;
         INSERT INTO api_key_secret (key_id, digest, pepper_version, hint)
         SELECT k.id, {digest}, (SELECT max(version) FROM api_key_pepper), 'key_…' || k.id
         FROM api_key k;
         UPDATE api_key_use SET used_at = {now} - key_id * 7919 % {MANY} * 10000
         WHERE key_id % 4 <> 0;
         INSERT INTO api_key_group (code) VALUES ('100'), ('1000'), ('10000'), ('100000'), ('all');
         INSERT INTO api_key_group_member (group_id, key_id)
         SELECT g.id, k.id FROM api_key_group g CROSS JOIN api_key k
         WHERE g.code = 'all' OR g.code = '100' AND k.id % 10000 = 5
            OR g.code = '1000' AND k.id % 1000 = 5 OR g.code = '10000' AND k.id % 100 = 5
            OR g.code = '100000' AND k.id % 10 = 5;
         COMMIT;
         ANALYZE"
    )
}

/// The median of a few rounds, and how many keys the page has.
async fn page(auth: &Authenticator, filter: &KeyFilter) -> (Duration, usize) {
    let mut times = Vec::new();
    let mut keys = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        keys = auth.keys().list(filter).await.expect("a page").items.len();
        times.push(begun.elapsed());
    }
    times.sort();
    (times[ROUNDS / 2], keys)
}

async fn measure(database: &str, shared: &Shared) {
    let auth = Authenticator::connect(&shared.url())
        .await
        .expect("it opens");
    if let Shared::File(_) = shared {
        shared.execute(UNANNOUNCED).await;
    }
    let begun = Instant::now();
    shared.execute(&fill(shared)).await;
    let took = begun.elapsed().as_secs_f64();
    println!("{database}: filled with {MANY} keys in {took:.1} s");
    let now = SystemTime::now();
    let day = Duration::from_secs(24 * 60 * 60);
    let all = KeyFilter::new;
    for (filter, what) in [
        (all(), "all"),
        (all().user("user-77"), "a user's 100"),
        (all().group("100"), "a group of 100"),
        (all().group("1000"), "a group of 1,000"),
        (all().group("10000"), "a group of 10,000"),
        (all().group("100000"), "a group of 100,000"),
        (all().group("all"), "a group of all"),
        (all().state(KeyState::Active), "active"),
        (all().state(KeyState::Archived), "archived, 500"),
        (all().state(KeyState::Expired), "expired, 1,000"),
        (all().expiring_before(now + day), "expiring, 2,000"),
        (all().unused_since(now - 100 * day), "unused for 100 days"),
        (
            all().unused_since(SystemTime::UNIX_EPOCH + day),
            "never used",
        ),
        (
            all().user("user-77").group("all").state(KeyState::Active),
            "a user's in a group",
        ),
        (all().text("key-7"), "a text of many"),
        (all().text("key-777777"), "a text of few (reads all)"),
    ] {
        let mut line = format!("{database:>10} {what:<26}");
        for (order, last) in [
            (KeyOrder::Name, Cursor::Name("key-99".to_owned())),
            (
                KeyOrder::LastUse,
                Cursor::LastUse {
                    at: Some(now - day),
                    id: 0,
                },
            ),
        ] {
            let filter = filter.clone().order(order);
            let (first, _) = page(&auth, &filter).await;
            let (last, _) = page(&auth, &filter.after(last)).await;
            line += &format!(" {first:>10.2?} {last:>10.2?}");
        }
        println!("{line}");
    }
    let begun = Instant::now();
    let counted = auth.keys().count(&all().state(KeyState::Active)).await;
    println!(
        "{database}: {} active keys counted in {:.2?}",
        counted.expect("a count"),
        begun.elapsed()
    );
}

fn main() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.expect("a runtime starts").block_on(async {
        println!(
            "{:>37}{:>22}{:>22}",
            "", "by name: first, last", "by use: first, last"
        );
        measure("SQLite", &Shared::file()).await;
        if let Some(server) = Shared::server().await {
            measure("PostgreSQL", &server).await;
        }
    });
}
