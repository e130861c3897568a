//! How long a key still works after a change in Odoo, and what asking costs Odoo's server:
//! `cargo bench -p tests --bench odoo`. 10,000 keys of 10,000 users, each in two groups.

use std::{
    fs,
    time::{Duration, Instant},
};

use auth_api_key::{Authenticator, odoo::OdooStore, store::Lookup};
use sqlx::{Connection, Executor, PgConnection};
use tests::postgres::Database;

const ROUNDS: usize = 100;
const LONG: Duration = Duration::from_secs(3600);
const KEYS: &str = "
    INSERT INTO res_users (id, company_id, active, login)
        SELECT n, 1, true, 'user-' || n FROM generate_series(10001, 20000) n;
    INSERT INTO auth_api_key (id, user_id, name, key)
        SELECT n, n, 'key ' || n, 'text-' || n FROM generate_series(10001, 20000) n;
    INSERT INTO auth_api_key_group_rel (key_id, group_id)
        SELECT n, g FROM generate_series(10001, 20000) n, (VALUES (1), (3)) groups (g);
    ANALYZE";
/// What Odoo's screens do to a key that works, and the statement that undoes it.
const CHANGES: [(&str, &str, &str); 4] = [
    (
        "text changed",
        "UPDATE auth_api_key SET key = 'other' WHERE id = 10001",
        "UPDATE auth_api_key SET key = 'text-10001' WHERE id = 10001",
    ),
    (
        "key deleted",
        "DELETE FROM auth_api_key WHERE id = 10001",
        "INSERT INTO auth_api_key (id, user_id, name, key)
             VALUES (10001, 10001, 'key 10001', 'text-10001');
         INSERT INTO auth_api_key_group_rel (key_id, group_id) VALUES (10001, 1)",
    ),
    (
        "user archived",
        "UPDATE res_users SET active = false WHERE id = 10001",
        "UPDATE res_users SET active = true WHERE id = 10001",
    ),
    (
        "group removed",
        "DELETE FROM auth_api_key_group_rel WHERE key_id = 10001 AND group_id = 1",
        "INSERT INTO auth_api_key_group_rel (key_id, group_id) VALUES (10001, 1)",
    ),
];

#[tokio::main]
async fn main() {
    let Some(database) = Database::new().await else {
        return;
    };
    database.execute(include_str!("../odoo/16.sql")).await;
    database.execute(KEYS).await;
    let store = OdooStore::open(&database.url()).await.unwrap();
    // The bound is so long that the store does not check the address by a second connection.
    let auth = Authenticator::builder().confirm_within(LONG);
    let auth = auth.build(store).await.unwrap();
    let mut odoo = PgConnection::connect(&database.url()).await.unwrap();
    for (what, revoke, restore) in CHANGES {
        let (mut revoked, mut restored) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            revoked.push(until(&auth, &mut odoo, revoke, false).await);
            restored.push(until(&auth, &mut odoo, restore, true).await);
        }
        println!("{what}: refused after {}", summary(revoked));
        println!("{what}, undone: admitted after {}", summary(restored));
    }
    for (what, change) in [
        ("nothing changes", "SELECT"),
        (
            "other things change",
            "UPDATE res_users SET write_date = now() WHERE id = 10002",
        ),
        (
            "keys change",
            "UPDATE auth_api_key SET write_date = now() WHERE id = 10002",
        ),
    ] {
        let (cpu, since) = (on_cpu(&mut odoo).await, Instant::now());
        while since.elapsed() < Duration::from_secs(5) {
            odoo.execute(change).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let cpu = (on_cpu(&mut odoo).await - cpu).as_secs_f64() * 1e3;
        let each = cpu / since.elapsed().as_secs_f64();
        println!("while {what}: {each:.1} ms of the server's CPU a second, for each node");
    }
    drop(auth);
    let store = OdooStore::open(&database.url()).await.unwrap();
    let mut begun = Vec::new();
    for _ in 0..ROUNDS {
        let since = Instant::now();
        store.watch(LONG).await.unwrap();
        begun.push(since.elapsed());
    }
    println!(
        "another connection has read all keys after {}",
        summary(begun)
    );
}

/// Makes a change, and verifies the key until the decision is as expected.
async fn until(
    auth: &Authenticator,
    odoo: &mut PgConnection,
    change: &'static str,
    admitted: bool,
) -> Duration {
    odoo.execute(sqlx::raw_sql(change)).await.unwrap();
    let since = Instant::now();
    while auth.verify("text-10001", &["g1"], None).await.is_ok() != admitted {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    since.elapsed()
}

fn summary(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |part: usize| times[(ROUNDS - 1) * part / 100].as_millis();
    format!(
        "p50 {} ms, p99 {} ms, max {} ms ({ROUNDS} rounds)",
        at(50),
        at(99),
        at(100)
    )
}

/// The CPU time of the process that serves the node's connection.
async fn on_cpu(odoo: &mut PgConnection) -> Duration {
    let pid = "SELECT pid FROM pg_stat_activity
               WHERE application_name = 'auth-api-key' AND datname = current_database()";
    let pids: Vec<i32> = sqlx::query_scalar(pid).fetch_all(odoo).await.unwrap();
    let [pid] = pids[..] else {
        panic!("one connection is expected, and not {pids:?}");
    };
    let schedstat = fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap();
    let nanoseconds = schedstat.split(' ').next().unwrap();
    Duration::from_nanos(nanoseconds.parse().unwrap())
}
