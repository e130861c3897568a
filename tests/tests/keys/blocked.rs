//! What happens while another program keeps a lock of the database: keys are refused from the call on
//! that takes rights from them, whether or not the database can be changed.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    authenticator::Ended,
    key::{KeyFilter, KeyUpdate, Paging},
};
use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tests::{
    Log, chain,
    cluster::Shared,
    name_of, over_each_database,
    postgres::{Database, USER},
    until, verify,
};
use tokio::time::timeout;

over_each_database! {
    key_is_refused_from_the_call_on_that_takes_rights_from_it
    change_that_takes_no_rights_does_not_refuse_keys
    key_stays_refused_after_a_failed_call_until_the_lock_is_gone
    followers_of_a_key_end_with_the_call_that_takes_rights_from_it
    failed_call_does_not_refuse_keys
    lists_are_read_while_changes_wait
    last_uses_that_could_not_be_written_are_written_when_the_lock_is_gone
}

/// Another program, which has changed something and does nothing more.
enum Idle {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Idle {
    async fn over(shared: &Shared) -> Self {
        match shared {
            Shared::File(file) => {
                let mut idle = file.connection().await;
                idle.execute("BEGIN IMMEDIATE").await.unwrap();
                Self::Sqlite(idle)
            }
            Shared::Server(database) => {
                let change = "UPDATE api_key SET active = active WHERE name = 'other'";
                Self::Postgres(psql(database, change).await)
            }
        }
    }

    async fn end(self) {
        match self {
            Self::Sqlite(idle) => idle.close().await.unwrap(),
            Self::Postgres(idle) => idle.close().await.unwrap(),
        }
    }
}

/// A session with an open transaction that has done this.
async fn psql(database: &Database, done: &str) -> PgConnection {
    let mut session = PgConnection::connect(&database.url()).await.unwrap();
    let statements = format!("SET application_name = 'psql'; BEGIN; {done}");
    session.execute(AssertSqlSafe(statements)).await.unwrap();
    session
}

/// A node with the keys `key` and `other`.
async fn node(shared: &Shared) -> Authenticator {
    let auth = Authenticator::connect(&shared.url()).await.unwrap();
    let key = |name: &str, user: &str| NewKey::new(name, user).text(name).groups(["shop"]);
    let keys = [key("key", "user"), key("other", "another")];
    auth.keys().create_all(keys).await.unwrap();
    for name in ["key", "other"] {
        assert!(in_shop(&auth, name).await.is_ok());
    }
    auth
}

async fn in_shop(auth: &Authenticator, text: &str) -> Result<(), Reason> {
    auth.verify(text, &["shop"], None).await.map(drop)
}

type Changing<'a> = BoxFuture<'a, Result<(), Error>>;

fn done<'a, T>(call: impl Future<Output = Result<T, Error>> + Send + 'a) -> Changing<'a> {
    call.map(|made| made.map(drop)).boxed()
}

/// Calls a change, which must wait.
fn begin(call: &mut Changing<'_>) {
    assert!(call.now_or_never().is_none());
}

async fn key_is_refused_from_the_call_on_that_takes_rights_from_it(shared: Shared) {
    type Call = for<'a> fn(&'a Authenticator) -> Changing<'a>;
    let calls: [(Call, Reason); 8] = [
        (
            |auth| {
                let networks = KeyUpdate::new().networks(["10.0.0.0/8".parse().unwrap()]);
                done(async move { auth.keys().update("key", networks).await })
            },
            Reason::UnknownNetwork,
        ),
        (
            |auth| done(async move { auth.groups().remove("shop", "key").await }),
            Reason::ForbiddenGroup,
        ),
        (
            |auth| done(async move { auth.keys().archive("key").await }),
            Reason::ArchivedKey,
        ),
        (
            |auth| done(async move { auth.users().archive("user").await }),
            Reason::ArchivedUser,
        ),
        (
            |auth| done(async move { auth.keys().rotate("key", Duration::ZERO).await }),
            Reason::UnknownKey,
        ),
        (
            |auth| done(async move { auth.keys().delete("key").await }),
            Reason::UnknownKey,
        ),
        (
            |auth| done(async move { auth.groups().delete("shop").await }),
            Reason::ForbiddenGroup,
        ),
        (
            |auth| done(async move { auth.maintenance().neutralize().await }),
            Reason::UnknownKey,
        ),
    ];
    let auth = node(&shared).await;
    for (at, (call, reason)) in calls.into_iter().enumerate() {
        let name = format!("key {at}");
        auth.users().unarchive("another").await.unwrap();
        let _ = auth.keys().delete("key").await;
        let _ = auth.users().unarchive("user").await;
        let key = NewKey::new("key", "user").text(&name).groups(["shop"]);
        auth.keys().create(key).await.unwrap();
        assert_eq!(in_shop(&auth, &name).await, Ok(()), "change {at}");
        let idle = Idle::over(&shared).await;
        let mut call = call(&auth);
        begin(&mut call);
        let refused = async || in_shop(&auth, &name).await;
        let (called, ()) = tokio::join!(call, async {
            // A rotation reads the key first.
            until(refused, Err(Reason::Unavailable), "the call").await;
            let all = matches!(reason, Reason::ForbiddenGroup | Reason::UnknownKey) && at > 5;
            assert_eq!(in_shop(&auth, "other").await.is_ok(), !all, "change {at}");
            idle.end().await;
        });
        called.unwrap();
        assert_eq!(refused().await, Err(reason), "change {at}");
    }
}

async fn change_that_takes_no_rights_does_not_refuse_keys(shared: Shared) {
    let auth = node(&shared).await;
    let day = Duration::from_secs(24 * 60 * 60);
    let (keys, groups, users) = (auth.keys(), auth.groups(), auth.users());
    let calls = [
        done(keys.rotate("key", day)),
        done(keys.unarchive("key")),
        done(keys.update("key", KeyUpdate::new().groups(["shop", "erp"]))),
        done(groups.remove("another", "key")),
        done(groups.add("shop", "key")),
        done(users.unarchive("user")),
    ];
    groups.put("another", "").await.unwrap();
    for mut call in calls {
        let idle = Idle::over(&shared).await;
        begin(&mut call);
        let (called, ()) = tokio::join!(call, async {
            for _ in 0..1000 {
                assert_eq!(in_shop(&auth, "key").await, Ok(()));
                tokio::task::yield_now().await;
            }
            idle.end().await;
        });
        called.unwrap();
        assert_eq!(in_shop(&auth, "key").await, Ok(()));
    }
}

/// Has the call that waits in PostgreSQL fail now.
async fn give_up(shared: &Shared) {
    if let Shared::Server(database) = shared {
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        let cancel = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'auth-api-key'
                 AND wait_event_type = 'Lock'";
        let cancelled = async || {
            let cancelled = sqlx::query_scalar(cancel).fetch_one(&mut connection);
            let cancelled: i64 = cancelled.await.unwrap();
            cancelled > 0
        };
        until(cancelled, true, "a change waits").await;
    }
}

async fn key_stays_refused_after_a_failed_call_until_the_lock_is_gone(shared: Shared) {
    let auth = node(&shared).await;
    let idle = Idle::over(&shared).await;
    let (keys, users) = (auth.keys(), auth.users());
    for call in [done(keys.archive("key")), done(users.archive("user"))] {
        let (failed, ()) = tokio::join!(call, give_up(&shared));
        let error = chain(&failed.unwrap_err());
        assert!(
            error.contains("this one refuses them until the store can be changed again"),
            "{error}"
        );
        assert_eq!(in_shop(&auth, "key").await, Err(Reason::Unavailable));
        assert_eq!(in_shop(&auth, "other").await, Ok(()));
    }
    idle.end().await;
    let admitted = async || in_shop(&auth, "key").await;
    until(admitted, Ok(()), "the lock is gone").await;
    keys.archive("key").await.unwrap();
    assert_eq!(admitted().await, Err(Reason::ArchivedKey));
}

async fn followers_of_a_key_end_with_the_call_that_takes_rights_from_it(shared: Shared) {
    let auth = node(&shared).await;
    let key = verify(&auth, "key").await.unwrap();
    let following = auth.until_refused(&key, &[], None);
    let idle = Idle::over(&shared).await;
    let keys = auth.keys();
    let (ended, archived) = tokio::join!(
        async {
            let ended = timeout(Duration::from_secs(20), following).await;
            idle.end().await;
            ended.expect("it has not ended")
        },
        keys.archive("key")
    );
    assert_eq!(ended, Ended::Refused(Reason::ArchivedKey));
    archived.unwrap();
}

async fn failed_call_does_not_refuse_keys(shared: Shared) {
    let auth = node(&shared).await;
    let taken = KeyUpdate::new().name("other").groups(["erp"]);
    auth.keys().update("key", taken).await.unwrap_err();
    assert_eq!(in_shop(&auth, "key").await, Ok(()));
    assert_eq!(name_of(&auth, "other").await, Ok("other".to_owned()));
}

async fn lists_are_read_while_changes_wait(shared: Shared) {
    let auth = node(&shared).await;
    let idle = Idle::over(&shared).await;
    let (keys, users) = (auth.keys(), auth.users());
    let listed = async {
        if let Shared::Server(database) = &shared {
            let mut connection = PgConnection::connect(&database.url()).await.unwrap();
            let waiting = async || {
                let waiting = "SELECT count(*) FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
                let waiting = sqlx::query_scalar(waiting).fetch_one(&mut connection);
                waiting.await.unwrap()
            };
            // The other one waits for its turn.
            until(waiting, 1_i64, "two changes were called").await;
        }
        let page = keys.list(&KeyFilter::new()).await.unwrap();
        let other = keys.get("other").await.unwrap();
        idle.end().await;
        (page.items.len(), other.is_some())
    };
    let (listed, archived, user_archived) =
        tokio::join!(listed, keys.archive("key"), users.archive("user"));
    assert_eq!(listed, (2, true));
    archived.unwrap();
    user_archived.unwrap();
}

async fn last_uses_that_could_not_be_written_are_written_when_the_lock_is_gone(shared: Shared) {
    let auth = node(&shared).await;
    auth.flush().await;
    let late = NewKey::new("late", "user").text("late").groups(["shop"]);
    auth.keys().create(late).await.unwrap();
    let idle = match &shared {
        Shared::File(_) => Idle::over(&shared).await,
        Shared::Server(database) => {
            Idle::Postgres(psql(database, "LOCK TABLE api_key_use IN SHARE MODE").await)
        }
    };
    assert_eq!(in_shop(&auth, "late").await, Ok(()));
    tokio::join!(auth.flush(), give_up(&shared));
    let used = async || {
        let late = auth.keys().get("late").await.unwrap().unwrap();
        late.last_used_at.is_some()
    };
    assert!(!used().await);
    idle.end().await;
    until(used, true, "the lock is gone").await;
}

#[tokio::test]
async fn error_says_that_another_program_holds_the_lock_of_the_file() {
    let shared = Shared::file();
    let auth = node(&shared).await;
    let idle = Idle::over(&shared).await;
    let error = chain(&auth.keys().archive("key").await.unwrap_err());
    let said = "another program, which did not give up the lock of the file within ";
    assert!(error.contains(said), "{error}");
    idle.end().await;
}

#[tokio::test]
async fn error_names_the_session_that_holds_the_lock() {
    let log = Log::of_process();
    let Some(database) = Database::new().await else {
        return;
    };
    let shared = Shared::Server(database);
    let Shared::Server(database) = &shared else {
        unreachable!()
    };
    let auth = node(&shared).await;
    for change in [
        "UPDATE api_key SET active = active WHERE name = 'other'",
        // Nodes do not hear of it.
        "SELECT FROM api_key WHERE name = 'key' FOR UPDATE",
        "LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE",
    ] {
        let mut idle = psql(database, change).await;
        let pid = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut idle);
        let pid: i32 = pid.await.unwrap();
        let role = USER;
        let holder =
            format!(r#"pid {pid}, role "{role}", application "psql", idle in transaction, in a"#);
        let keys = auth.keys();
        let (failed, ()) = tokio::join!(keys.archive("key"), async {
            log.until(&holder).await;
            give_up(&shared).await;
        });
        let error = chain(&failed.unwrap_err());
        assert!(error.contains(&holder), "{error}");
        assert!(!error.contains(change), "{error}");
        idle.close().await.unwrap();
    }
}

/// An owner's own change to the tables, by hand.
const ALTERED: [&str; 2] = [
    "ALTER TABLE api_key ALTER technical_name TYPE varchar(2000)",
    // The hint of a text is in a view, so that PostgreSQL keeps its type.
    "ALTER TABLE api_key_group ALTER code TYPE varchar(2000), ALTER name TYPE varchar(2000)",
];

#[tokio::test]
async fn altered_tables_are_read_and_changed_over_the_connections_that_are_there() {
    let Some(database) = Database::new().await else {
        return;
    };
    let shared = Shared::Server(database);
    let auth = node(&shared).await;
    let mut created = 0;
    // More often than there are connections of a kind, so that each of them has its statements.
    let mut all = async || {
        for round in 0..5 {
            created += 1;
            let name = format!("new {created}");
            let (key, again) = (NewKey::new(&name, "user").text(&name), name.clone());
            auth.keys().create(key).await.unwrap();
            assert_eq!(name_of(&auth, &name).await, Ok(again), "round {round}");
            let (keys, groups, users) = (auth.keys(), auth.groups(), auth.users());
            let (filter, paging) = (KeyFilter::new(), Paging::new());
            let lists = tokio::join!(keys.list(&filter), groups.list(&paging), keys.get(&name));
            assert!(lists.0.is_ok() && lists.1.is_ok() && lists.2.is_ok());
            let lists = tokio::join!(keys.count(&filter), users.list(&paging));
            assert!(lists.0.is_ok() && lists.1.is_ok());
            let (day, erp) = (
                Duration::from_secs(86_400),
                KeyUpdate::new().groups(["erp"]),
            );
            let changed = tokio::join!(keys.rotate(&name, day), keys.update("other", erp));
            assert!(changed.0.is_ok() && changed.1.is_ok());
            users.archive("another").await.unwrap();
            keys.archive(&name).await.unwrap();
        }
    };
    all().await;
    for altered in ALTERED {
        shared.execute(altered).await;
        all().await;
    }
}
