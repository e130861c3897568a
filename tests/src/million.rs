//! Databases with a million keys, and with a million events, for benchmarks.

use std::time::SystemTime;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection, query_scalar};

use crate::cluster::Shared;

pub const MANY: usize = 1_000_000;
const TABLES: [&str; 6] = ["", "_secret", "_group", "_group_member", "_user", "_use"];

/// Triggers that announce and list a million rows one by one would take too long.
pub async fn drop_triggers(shared: &Shared) {
    let sql: Vec<String> = match shared {
        Shared::File(_) => {
            let mut connection = SqliteConnection::connect(&shared.url()).await.unwrap();
            let triggers =
                "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger'";
            let triggers = query_scalar(AssertSqlSafe(triggers)).fetch_all(&mut connection);
            triggers.await.unwrap()
        }
        Shared::Server(_) => TABLES
            .map(|table| format!("ALTER TABLE api_key{table} DISABLE TRIGGER USER"))
            .into(),
    };
    shared.execute(&sql.join(";")).await;
}

/// As long as triggers are disabled, a node of PostgreSQL asks again and again whether they are.
pub async fn enable_triggers(shared: &Shared) {
    if let Shared::Server(_) = shared {
        let enable = TABLES.map(|table| format!("ALTER TABLE api_key{table} ENABLE TRIGGER USER"));
        shared.execute(&enable.join(";")).await;
    }
}

/// A million keys. 9,000 users have 100 keys each, and one has the rest. Groups have 100, 1,000, 10,000,
/// 100,000 and all keys, and one group has the last keys in each order. Some keys are archived, expired
/// or expiring, and four in five were used. The names of 200,000 keys begin with `late-`, which are the last
/// by name, and of 200,000 with `aft-`, which are the last by use.
pub fn keys(shared: &Shared) -> String {
    let (begin, numbers, digest, search) = match shared {
        Shared::File(_) => (
            // SQLite keeps all pages in memory until the end.
            "PRAGMA cache_size = -1000000; BEGIN",
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
                  SELECT i FROM n)"
            ),
            "randomblob(32)",
            "INSERT INTO api_key_search (rowid, name, hint)
             SELECT key_id, lower(name), hint FROM api_key_listed WHERE list = 'a';",
        ),
        Shared::Server(_) => (
            "BEGIN",
            format!("(SELECT generate_series(1::bigint, {MANY}) AS i)"),
            "sha256(k.id::text::bytea)",
            "",
        ),
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.expect("it is after 1970").as_millis();
    // A step that is coprime to the number of keys scatters neighbours.
    let scattered = format!("(i * 7919 % {MANY})");
    format!(
        "{begin};
         INSERT INTO api_key_user (id) SELECT 'user-' || i FROM {numbers} AS n WHERE i <= 9000;
         INSERT INTO api_key_user (id) VALUES ('big');
         INSERT INTO api_key (name, user_id, active, expires_at, created_at)
         SELECT CASE WHEN {scattered} < 200000 THEN 'aft-'
                     WHEN {scattered} < 800000 THEN 'key-' ELSE 'late-' END || {scattered},
                CASE WHEN i % 10000 BETWEEN 1 AND 9000 THEN 'user-' || (i % 10000) ELSE 'big' END,
                i % 100 <> 50,
                CASE WHEN i % 1000 = 1 THEN {now} - 1000
                     WHEN i % 1000 BETWEEN 2 AND 11 THEN {now} + 3600000
                     WHEN i % 1000 BETWEEN 12 AND 111 THEN {now} + 2592000000 END, {now}
         FROM {numbers} AS n;
         INSERT INTO api_key_secret (key_id, digest, pepper_version, prefix, hint)
         SELECT k.id, {digest}, (SELECT max(version) FROM api_key_pepper), 'key',
                CAST(k.id % 10000 AS text)
         FROM api_key k;
         INSERT INTO api_key_use (key_id, used_at)
         SELECT id, CASE WHEN id % 4 = 0 AND name NOT LIKE 'aft-%' THEN 0
                         ELSE {now} - id * 7919 % {MANY} * 10000 END
         FROM api_key;
         INSERT INTO api_key_group (code)
         VALUES ('100'), ('1000'), ('10000'), ('100000'), ('all'), ('last');
         INSERT INTO api_key_group_member (group_id, key_id)
         SELECT g.id, k.id FROM api_key_group g CROSS JOIN api_key k
         WHERE g.code = 'all' OR g.code = '100' AND k.id % 10000 = 5
            OR g.code = '1000' AND k.id % 1000 = 5 OR g.code = '10000' AND k.id % 100 = 5
            OR g.code = '100000' AND k.id % 10 = 5 OR g.code = 'last' AND k.name > 'late-99';
         UPDATE api_key_use SET used_at = {now}
         WHERE key_id IN (SELECT id FROM api_key WHERE name > 'late-99');
         INSERT INTO api_key_listed SELECT * FROM api_key_to_list;
         {search}
         COMMIT"
    )
}

/// A million events: half of them of one key and by one actor, the others of 5,000 keys and by 50 actors;
/// the oldest 1,000 of a key that has no others.
pub fn events(shared: &Shared) -> String {
    let numbers = match shared {
        Shared::File(_) => format!(
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) SELECT i FROM n)"
        ),
        Shared::Server(_) => format!("(SELECT generate_series(1::bigint, {MANY}) AS i)"),
    };
    format!(
        "INSERT INTO api_key_event (at, actor, session, action, key_id, key_name, hint, changed)
         SELECT i * 1000, CASE WHEN i % 2 = 0 THEN 'busy' ELSE 'actor-' || (i % 100) END, 'sql', CASE WHEN i % 5000 = 7 THEN 'archived' ELSE 'updated' END,
                CASE WHEN i <= 1000 THEN 0 WHEN i % 2 = 0 THEN 1 ELSE 2 + i % 10000 END,
                CASE WHEN i <= 1000 THEN 'old' WHEN i % 2 = 0 THEN 'busy' ELSE 'key-' || (i % 10000) END, 'key_...abcd',
                '{{\"expires_at\": {{\"from\": 4102444800000, \"to\": 4102444900000}}}}'
         FROM {numbers} AS n ORDER BY i"
    )
}
