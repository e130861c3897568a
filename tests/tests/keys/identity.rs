//! A node does not only compare the number of the generation: it notices states that were restored,
//! tables that were made again, and triggers that were changed.

use std::{
    fs,
    time::{Duration, Instant},
};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::OpenError,
    store::{KeyStore, PostgresStore, SqliteStore},
};
use futures_util::FutureExt;
use tests::{GatedStore, cluster::Shared, postgres::Database, until, until_decided, verify};

const REVOKE: &str = "UPDATE api_key SET active = FALSE WHERE name = 'a'";

/// A node that has the keys `a` and `b` in its cache. The last change of the database unarchived `b`, and
/// `before` was called before this change.
async fn node<T>(shared: &Shared, before: impl AsyncFnOnce() -> T) -> (Authenticator, T) {
    let (node, _) = shared.node().await;
    for name in ["a", "b"] {
        let key = NewKey::new(name, "user").text(name);
        node.keys().create(key).await.unwrap();
    }
    node.keys().archive("b").await.unwrap();
    // `b` is cached as archived: it is admitted only after the node has heard that it was unarchived.
    until_decided(&node, "b", Err(Reason::ArchivedKey)).await;
    node.flush().await;
    let done = before().await;
    shared
        .execute("UPDATE api_key SET active = TRUE WHERE name = 'b'")
        .await;
    for name in ["a", "b"] {
        until_decided(&node, name, Ok(())).await;
    }
    (node, done)
}

/// The restored state (`b` is archived) and the revocation after it (of `a`) both take effect.
async fn assert_archived(node: &Authenticator) {
    for name in ["a", "b"] {
        until_decided(node, name, Err(Reason::ArchivedKey)).await;
    }
}

#[tokio::test]
async fn revocation_takes_effect_after_rows_were_restored() {
    // The changes below move the generation by two, so it ends at the number that the node knows. SQLite
    // moves it for each key. PostgreSQL, without triggers for `b`, moves it twice for the update of `a`.
    for set_back in [
        "UPDATE api_key_generation SET value = value - 2",
        "CREATE TEMPORARY TABLE older AS SELECT value - 2 AS value FROM api_key_generation;
         DELETE FROM api_key_generation;
         INSERT INTO api_key_generation (id, value) SELECT 1, value FROM older",
    ] {
        for shared in Shared::each().await {
            let (node, ()) = node(&shared, async || ()).await;
            let [off, on] = match shared {
                Shared::File(_) => ["", ""],
                Shared::Server(_) => [
                    "ALTER TABLE api_key DISABLE TRIGGER ALL;",
                    "ALTER TABLE api_key ENABLE TRIGGER ALL;
                     ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_updated_from;
                     ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_updated_to;",
                ],
            };
            let restored = format!(
                "BEGIN; {off} UPDATE api_key SET active = FALSE WHERE name = 'b';
                 {set_back}; {on} COMMIT; {REVOKE}"
            );
            shared.execute(&restored).await;
            assert_archived(&node).await;
        }
    }
}

#[tokio::test]
async fn revocation_takes_effect_after_an_older_file_was_copied_over() {
    let shared = Shared::file();
    let Shared::File(shared_file) = &shared else {
        unreachable!()
    };
    let [file, wal, backup] =
        ["keys.db", "keys.db-wal", "backup.db"].map(|name| shared_file.folder().join(name));
    // After that the write-ahead log is empty, so that a copy of the file misses nothing.
    let until_moved = async || {
        while fs::metadata(&wal).unwrap().len() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let back_up = async || {
        until_moved().await;
        fs::copy(&file, &backup).unwrap();
    };
    let (node, ()) = node(&shared, back_up).await;
    until_moved().await;
    fs::copy(&backup, &file).unwrap();
    shared.execute(REVOKE).await;
    assert_archived(&node).await;
}

#[tokio::test]
async fn revocation_takes_effect_after_tables_were_restored() {
    let Some(database) = Database::new().await else {
        return;
    };
    let shared = Shared::Server(database);
    let Shared::Server(database) = &shared else {
        unreachable!()
    };
    let (node, dump) = node(&shared, async || database.dump()).await;
    database
        .execute(&format!(
            "BEGIN; {dump} COMMIT; SET search_path = public; {REVOKE}"
        ))
        .await;
    assert_archived(&node).await;
    // The node also hears announcements of the new tables.
    database.execute("UPDATE api_key SET active = TRUE").await;
    until_decided(&node, "a", Ok(())).await;
}

/// Runs a statement with `REPLACE`, which deletes rows without the triggers for deleted rows. Gives the
/// new decision about the key `a`, for a route with a group.
async fn replaced(foreign_keys: &str, statement: &str) -> Result<String, Reason> {
    let shared = Shared::file();
    let (node, _) = shared.node().await;
    let keys = node.keys();
    let a = NewKey::new("a", "user").text("a").technical_name("tech");
    keys.create(a.groups(["shop", "erp"])).await.unwrap();
    let b = NewKey::new("b", "other").text("b").groups(["other"]);
    keys.create(b).await.unwrap();
    let decided = async || {
        let key = node.verify("a", &["shop"], None).await;
        key.map(|key| key.name.clone())
    };
    // When the node knows these changes, it also knows those that created the keys.
    for (change, expected) in [
        (REVOKE, Err(Reason::ArchivedKey)),
        ("UPDATE api_key SET active = 1", Ok("a".to_owned())),
    ] {
        shared.execute(change).await;
        until(&decided, expected, "the change").await;
    }
    let pragma = format!("PRAGMA foreign_keys = {foreign_keys}; PRAGMA recursive_triggers = OFF;");
    shared.execute(&format!("{pragma} {statement}")).await;
    until(
        async || decided().await != Ok("a".to_owned()),
        true,
        statement,
    )
    .await;
    decided().await
}

#[tokio::test]
async fn replace_in_sqlite_takes_effect() {
    for (statement, foreign_keys, expected) in [
        (
            "REPLACE INTO api_key_group (code) VALUES ('shop')",
            ["ON", "OFF"].as_slice(),
            Err(Reason::ForbiddenGroup),
        ),
        (
            "REPLACE INTO api_key_group (id, code)
             SELECT id, 'new' FROM api_key_group WHERE code = 'shop'",
            &["ON", "OFF"],
            Err(Reason::ForbiddenGroup),
        ),
        (
            "UPDATE OR REPLACE api_key_group SET code = 'shop' WHERE code = 'other'",
            &["ON", "OFF"],
            Err(Reason::ForbiddenGroup),
        ),
        (
            "UPDATE OR REPLACE api_key_group
             SET id = (SELECT id FROM api_key_group WHERE code = 'shop') WHERE code = 'other'",
            &["OFF"],
            Err(Reason::ForbiddenGroup),
        ),
        (
            "UPDATE OR REPLACE api_key_group_member
             SET group_id = (SELECT id FROM api_key_group WHERE code = 'erp')
             WHERE group_id = (SELECT id FROM api_key_group WHERE code = 'shop')",
            &["ON", "OFF"],
            Err(Reason::ForbiddenGroup),
        ),
        (
            "REPLACE INTO api_key (name, user_id) VALUES ('a', 'user')",
            &["ON", "OFF"],
            Err(Reason::UnknownKey),
        ),
        (
            "REPLACE INTO api_key (name, technical_name, user_id) VALUES ('new', 'tech', 'user')",
            &["ON", "OFF"],
            Err(Reason::UnknownKey),
        ),
        (
            "UPDATE OR REPLACE api_key SET name = 'a' WHERE name = 'b'",
            &["ON", "OFF"],
            Err(Reason::UnknownKey),
        ),
        (
            "UPDATE OR REPLACE api_key SET technical_name = 'tech' WHERE name = 'b'",
            &["ON", "OFF"],
            Err(Reason::UnknownKey),
        ),
        (
            "UPDATE OR REPLACE api_key SET id = (SELECT id FROM api_key WHERE name = 'a')
             WHERE name = 'b'",
            &["OFF"],
            Ok("b".to_owned()),
        ),
        (
            "REPLACE INTO api_key_secret (id, key_id, digest, pepper_version, hint)
             SELECT s.id, key_id, randomblob(32), 0, '' FROM api_key_secret s
             JOIN api_key k ON k.id = key_id WHERE name = 'a'",
            &["ON", "OFF"],
            Err(Reason::UnknownKey),
        ),
        (
            "UPDATE OR REPLACE api_key_secret SET id =
                 (SELECT s.id FROM api_key_secret s JOIN api_key k ON k.id = key_id WHERE name = 'a')
             WHERE key_id = (SELECT id FROM api_key WHERE name = 'b')",
            &["ON", "OFF"],
            Err(Reason::UnknownKey),
        ),
        (
            "UPDATE OR REPLACE api_key_secret SET digest =
                 (SELECT digest FROM api_key_secret s JOIN api_key k ON k.id = key_id WHERE name = 'a')
             WHERE key_id = (SELECT id FROM api_key WHERE name = 'b')",
            &["ON", "OFF"],
            Err(Reason::ForbiddenGroup),
        ),
        (
            "REPLACE INTO api_key_user VALUES ('user', 0)",
            &["ON", "OFF"],
            Err(Reason::ArchivedUser),
        ),
        (
            "UPDATE OR REPLACE api_key_user SET id = 'user', active = 0 WHERE id = 'other'",
            &["OFF"],
            Err(Reason::ArchivedUser),
        ),
    ] {
        for foreign_keys in foreign_keys {
            println!("foreign keys {foreign_keys}: {statement}");
            assert_eq!(replaced(foreign_keys, statement).await, expected);
        }
    }
}

#[tokio::test]
async fn triggers_that_a_restore_disabled_are_noticed_and_repaired() {
    for shared in Shared::each().await {
        let (node, _) = node(&shared, async || ()).await;
        let (disabled, unheard, names) = match &shared {
            Shared::File(_) => (
                "DROP TRIGGER api_key_updated; DROP TRIGGER api_key_group_member_deleted",
                "",
                ["api_key_group_member_deleted", "api_key_updated"].as_slice(),
            ),
            Shared::Server(_) => (
                "ALTER TABLE api_key_user DISABLE TRIGGER ALL;
                 ALTER TABLE api_key_user ENABLE TRIGGER ALL;
                 ALTER TABLE api_key DISABLE TRIGGER api_key_updated_from;
                 DROP TRIGGER api_key_updated_to ON api_key",
                "SET session_replication_role = replica;",
                [
                    "api_key_updated_from",
                    "api_key_updated_to",
                    "api_key_user_deleted",
                    "api_key_user_inserted",
                    "api_key_user_replicated",
                    "api_key_user_truncated",
                    "api_key_user_updated_from",
                    "api_key_user_updated_to",
                ]
                .as_slice(),
            ),
        };
        shared.execute(disabled).await;
        shared.execute(&format!("{unheard} {REVOKE}")).await;
        until_decided(&node, "a", Err(Reason::ArchivedKey)).await;

        let error = Authenticator::connect(&shared.url()).await.unwrap_err();
        let named = |trigger: &str| trigger == names[0];
        assert!(
            matches!(&error, Error::Open(OpenError::ChangedTrigger { trigger }) if named(trigger)),
            "{error}"
        );
        assert!(error.to_string().contains("`auth-api-key migrate`"));

        let store: Box<dyn KeyStore> = match &shared {
            Shared::File(_) => Box::new(SqliteStore::open(&shared.url()).await.unwrap()),
            Shared::Server(_) => Box::new(PostgresStore::open(&shared.url()).await.unwrap()),
        };
        assert_eq!(store.repair().await.unwrap(), names);
        assert_eq!(store.repair().await.unwrap(), [""; 0]);
        let another = Authenticator::connect(&shared.url()).await.unwrap();
        let changes = [("TRUE", Ok(())), ("FALSE", Err(Reason::ArchivedKey))];
        for (active, expected) in changes {
            let change = format!("{unheard} UPDATE api_key SET active = {active} WHERE name = 'a'");
            shared.execute(&change).await;
            for node in [&node, &another] {
                until_decided(node, "a", expected).await;
            }
        }
    }
}

/// Sends 4,000 notifications at once on the channel for changes. Their text may use the `state` that was
/// last announced, and `i`, which counts the notifications.
async fn notify(shared: &Shared, payload: &str) {
    let flood = format!(
        "SELECT pg_notify('api_key_' || tableoid, {payload})
         FROM (SELECT tableoid, value || ':' || token AS state FROM api_key_generation) AS known,
              generate_series(1, 4000) AS i"
    );
    shared.execute(&flood).await;
}

#[tokio::test]
async fn foreign_notifications_neither_empty_the_cache_nor_hide_a_change() {
    let Some(shared) = Shared::server().await else {
        return;
    };
    let (node, store) = shared.node().await;
    for name in ["a", "b", "last"] {
        let key = NewKey::new(name, "user").text(name);
        node.keys().create(key).await.unwrap();
        until_decided(&node, name, Ok(())).await;
    }
    let change = async |active: bool| {
        let change = format!("UPDATE api_key SET active = {active} WHERE name = 'a'");
        shared.execute(&change).await;
        let expected = active.then_some(()).ok_or(Reason::ArchivedKey);
        until_decided(&node, "a", expected).await;
    };
    // When this announcement has arrived, those of the creations have arrived, too.
    shared
        .execute("UPDATE api_key SET active = FALSE WHERE name = 'last'")
        .await;
    until_decided(&node, "last", Err(Reason::ArchivedKey)).await;
    for name in ["a", "b"] {
        verify(&node, name).await.unwrap();
    }
    let (watches, finds) = (store.watches(), store.finds());
    let mut changes = 0;
    let mut flood = async |payload: &str| {
        for active in [false, true] {
            notify(&shared, payload).await;
            change(active).await;
            notify(&shared, payload).await;
            changes += 1;
        }
    };
    for payload in [
        "repeat('x', 1 + i)",
        "i || ' all'",
        "'1:x,2:y ' || i",
        "'9:x,' || state || ' all'",
    ] {
        flood(payload).await;
        let b = verify(&node, "b").now_or_never();
        let b = b.unwrap_or_else(|| panic!("forgotten for {payload}"));
        assert_eq!(b.unwrap().name, "b");
    }
    // These name the known state, as a listener could send them: then any key may have been changed.
    flood("state || ',9:x' || i || ' all'").await;
    assert_eq!(store.watches(), watches);
    // One look-up for each change, and one more if the node heard of a change late.
    let finds = store.finds() - finds;
    assert!(
        finds <= changes + 1,
        "{finds} look-ups for {changes} changes"
    );
}

#[tokio::test]
async fn watch_that_always_fails_is_begun_a_few_times_a_second() {
    let store = GatedStore::reported_by_hand();
    let node = Authenticator::builder().build(store.clone()).await.unwrap();
    let start = Instant::now();
    for _ in 0..3 {
        store.lose_watch();
        store.until_watched_again(1).await;
    }
    assert!(start.elapsed() >= Duration::from_millis(500));
    drop(node);
}
