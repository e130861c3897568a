//! Nodes over tables that a newer version has made: they go on and start if its migration says that they
//! can; otherwise the error says to upgrade them.

use std::time::Duration;

use auth_api_key::{Authenticator, Error, NewKey, Reason, error::OpenError, store::KeyStore};
use tests::{cluster::Shared, until_decided};

/// What a migration 8 may do and leave usable: a column, and a table whose changes move the generation,
/// too. In PostgreSQL it announces more than version 7 reads.
async fn migrate(shared: &Shared, declared: &str) {
    let newer = match shared {
        Shared::File(_) => {
            "CREATE TABLE api_key_limit (key_id INTEGER, calls INTEGER);
             CREATE TRIGGER api_key_limit_inserted AFTER INSERT ON api_key_limit BEGIN
                 UPDATE api_key_generation SET value = value + 1;
                 INSERT INTO api_key_change SELECT value, NEW.key_id FROM api_key_generation;
             END;
             DROP TRIGGER api_key_updated;
             CREATE TRIGGER api_key_updated AFTER UPDATE ON api_key BEGIN
                 UPDATE api_key_generation SET value = value + 1;
                 INSERT INTO api_key_change SELECT value, OLD.id FROM api_key_generation;
                 UPDATE api_key_limit SET calls = 0 WHERE key_id = OLD.id;
             END;
             REPLACE INTO api_key_trigger SELECT name, sql, 1 FROM sqlite_schema
                 WHERE name IN ('api_key_updated', 'api_key_limit_inserted');"
        }
        Shared::Server(_) => {
            "CREATE TABLE api_key_limit (key_id bigint, calls bigint);
             CREATE TRIGGER api_key_limit_replicated AFTER INSERT ON api_key_limit
                 FOR EACH ROW EXECUTE FUNCTION api_key_announce_replicated();
             CREATE OR REPLACE FUNCTION api_key_move(keys text) RETURNS void LANGUAGE plpgsql
             SET search_path FROM CURRENT AS $$
             DECLARE
                 before api_key_generation;
                 after api_key_generation;
             BEGIN
                 SELECT * INTO before FROM api_key_generation FOR UPDATE;
                 UPDATE api_key_generation SET value = value + 1, token = gen_random_uuid()
                     RETURNING * INTO after;
                 PERFORM pg_notify(
                     'api_key_' || 'api_key_generation'::regclass::oid,
                     format('%s:%s,%s:%s %s and limits', before.value, before.token, after.value,
                         after.token, keys));
             END $$;
             SELECT api_key_define();"
        }
    };
    let migration = format!(
        "BEGIN; {newer} {declared};
         ALTER TABLE api_key ADD COLUMN note text NOT NULL DEFAULT '';
         INSERT INTO _auth_api_key_migrations
         SELECT 8, 'limits', installed_on, success, checksum, execution_time
         FROM _auth_api_key_migrations WHERE version = 1; COMMIT"
    );
    shared.execute(&migration).await;
}

#[tokio::test]
async fn node_goes_on_and_starts_over_a_newer_schema_that_says_it_is_compatible() {
    for shared in Shared::each().await {
        let (running, store) = shared.node().await;
        for name in ["a", "b"] {
            let key = NewKey::new(name, "user").text(name);
            running.keys().create(key).await.unwrap();
            until_decided(&running, name, Ok(())).await;
        }
        migrate(&shared, "INSERT INTO api_key_schema VALUES (8, 5)").await;
        let started = Authenticator::connect(&shared.url()).await.unwrap();
        for name in ["a", "b"] {
            for node in [&running, &started] {
                until_decided(node, name, Ok(())).await;
            }
        }
        // As a node of the newer version would change it, and one of this version.
        shared
            .execute("UPDATE api_key SET active = FALSE, note = 'archived' WHERE name = 'a'")
            .await;
        started.keys().archive("b").await.unwrap();
        for name in ["a", "b"] {
            for node in [&running, &started] {
                until_decided(node, name, Err(Reason::ArchivedKey)).await;
            }
        }
        let key = NewKey::new("c", "user").text("c").groups(["shop"]);
        running.keys().create(key).await.unwrap();
        running.keys().rotate("a", Duration::ZERO).await.unwrap();
        until_decided(&started, "c", Ok(())).await;
        until_decided(&started, "a", Err(Reason::UnknownKey)).await;
        // What moves the generation beside the triggers that are known ends no watch.
        let watches = store.watches();
        shared
            .execute("INSERT INTO api_key_limit SELECT id, 1 FROM api_key WHERE name = 'c'")
            .await;
        started.keys().delete("c").await.unwrap();
        until_decided(&running, "c", Err(Reason::UnknownKey)).await;
        assert_eq!(store.watches(), watches);
        assert_eq!(store.repair().await.unwrap(), [""; 0]);
    }
}

#[tokio::test]
async fn node_neither_goes_on_nor_starts_over_a_newer_schema_that_does_not_say_so() {
    for declared in ["SELECT 1", "INSERT INTO api_key_schema VALUES (8, 8)"] {
        for shared in Shared::each().await {
            let builder = Authenticator::builder().confirm_within(Duration::from_millis(400));
            let running = builder.connect(&shared.url()).await.unwrap();
            let key = NewKey::new("a", "user").text("a");
            running.keys().create(key).await.unwrap();
            until_decided(&running, "a", Ok(())).await;
            migrate(&shared, declared).await;
            // Nobody knows what it would say.
            until_decided(&running, "a", Err(Reason::Unavailable)).await;
            let error = Authenticator::connect(&shared.url()).await.unwrap_err();
            let versions = |found: i64, known: i64| (found, known) == (8, 7);
            assert!(
                matches!(error, Error::Open(OpenError::NewerDatabase { found, known })
                         if versions(found, known)),
                "{error}"
            );
            let undone = "DELETE FROM _auth_api_key_migrations WHERE version = 8";
            shared.execute(undone).await;
            until_decided(&running, "a", Ok(())).await;
        }
    }
}
