//! A SQLite file that is replaced, overwritten, removed or moved while nodes use it: the content of the
//! new file takes effect, no wrong key is admitted meanwhile, and no file is damaged.

use std::{
    error::Error as _,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use auth_api_key::{Authenticator, Error, NewKey, Reason, key::KeyFilter, store::SqliteStore};
use sqlx::Connection;
use tempfile::TempDir;
use tests::{
    GatedStore, Log,
    sqlite::{connection, execute},
    until, until_decided, verify,
};

/// Longer than anything that these tests wait for. Nodes trust their cache for this time, so that nothing
/// is refused because a confirmation is missing.
const LONG: Duration = Duration::from_secs(60);

const ARCHIVE: &str = "UPDATE api_key SET active = 0 WHERE name = 'a'";
const UNARCHIVE: &str = "UPDATE api_key SET active = 1 WHERE name = 'a'";

/// A file with the keys `a` and `b`, in a folder that is deleted with the value.
struct Keys(TempDir);

impl Keys {
    /// The file, and a node that has both keys in its cache.
    async fn with_node() -> (Self, Authenticator) {
        Log::of_process();
        let keys = Self(tempfile::tempdir().unwrap());
        let node = keys.node().await.0;
        for name in ["a", "b"] {
            node.keys()
                .create(NewKey::new(name, "user").text(name))
                .await
                .unwrap();
            until_decided(&node, name, Ok(())).await;
        }
        // A write during a copy over the file would damage it.
        node.flush().await;
        (keys, node)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.at("keys.db")
    }

    async fn node_at(&self, name: &str) -> (Authenticator, GatedStore) {
        let url = format!("sqlite:{}", self.at(name).display());
        let store = GatedStore::over(SqliteStore::open(&url).await.unwrap());
        let builder = Authenticator::builder().confirm_within(LONG);
        (builder.build(store.clone()).await.unwrap(), store)
    }

    async fn node(&self) -> (Authenticator, GatedStore) {
        self.node_at("keys.db").await
    }

    /// A copy of the file, with a change.
    async fn backup(&self, change: &str) -> PathBuf {
        let backup = self.at("backup.db");
        execute(&self.file(), &format!("VACUUM INTO '{}'", backup.display())).await;
        execute(&backup, change).await;
        backup
    }

    /// After the node is gone, the file is sound and `a` is active or not, as expected.
    async fn assert_sound(&self, node: Authenticator, active: bool) {
        drop(node);
        let mut connection = connection(&self.file()).await;
        let found = sqlx::query_scalar("SELECT active FROM api_key WHERE name = 'a'");
        let found: bool = found.fetch_one(&mut connection).await.unwrap();
        let check = sqlx::query_scalar("PRAGMA integrity_check");
        let check: String = check.fetch_one(&mut connection).await.unwrap();
        assert_eq!((found, check.as_str()), (active, "ok"));
    }
}

/// Waits until SQLite has moved all changes into the file itself.
async fn until_checkpointed(keys: &Keys) {
    let beside = async || {
        fs::metadata(keys.at("keys.db-wal"))
            .ok()
            .map(|wal| wal.len())
    };
    until(beside, Some(0), "the last change").await;
}

/// Waits until a watch has logged this about a file.
async fn until_said(file: &Path, said: &str) {
    let said = format!("{file:?} {said}");
    let said = Log::of_process().until(&said);
    tokio::time::timeout(LONG, said).await.unwrap();
}

#[tokio::test]
async fn replaced_file_is_noticed_and_its_content_takes_effect() {
    let (keys, node) = Keys::with_node().await;
    for (change, expected) in [
        (ARCHIVE, Err(Reason::ArchivedKey)),
        (UNARCHIVE, Ok(())),
        (
            "PRAGMA journal_mode = WAL; UPDATE api_key SET active = 0 WHERE name = 'a'",
            Err(Reason::ArchivedKey),
        ),
        (
            "DELETE FROM api_key WHERE name = 'a'",
            Err(Reason::UnknownKey),
        ),
    ] {
        fs::rename(keys.backup(change).await, keys.file()).unwrap();
        until_decided(&node, "a", expected).await;
        verify(&node, "b").await.unwrap();
    }
    // All connections of the node use the new file.
    node.keys()
        .create(NewKey::new("a", "user").text("new"))
        .await
        .unwrap();
    verify(&node, "new").await.unwrap();
    node.flush().await;
    assert!(
        node.keys()
            .get("a")
            .await
            .unwrap()
            .unwrap()
            .last_used_at
            .is_some()
    );
    assert_eq!(
        node.keys()
            .list(&KeyFilter::new())
            .await
            .unwrap()
            .items
            .len(),
        2
    );
    keys.assert_sound(node, true).await;
}

#[tokio::test]
async fn every_node_notices_that_the_file_is_replaced() {
    let (keys, here) = Keys::with_node().await;
    let (there, _) = keys.node().await;
    for (change, expected) in [
        (ARCHIVE, Err(Reason::ArchivedKey)),
        (UNARCHIVE, Ok(())),
        (ARCHIVE, Err(Reason::ArchivedKey)),
    ] {
        fs::rename(keys.backup(change).await, keys.file()).unwrap();
        for node in [&here, &there] {
            until_decided(node, "a", expected).await;
        }
        // The nodes hear of each other's changes over the new file.
        here.keys()
            .create(NewKey::new("c", "user").text("c"))
            .await
            .unwrap();
        until_decided(&there, "c", Ok(())).await;
        here.keys().delete("c").await.unwrap();
    }
    drop(there);
    keys.assert_sound(here, false).await;
}

#[tokio::test]
async fn write_ahead_log_of_the_old_file_is_not_read_into_the_new_file() {
    let (keys, node) = Keys::with_node().await;
    // A reader keeps SQLite from moving changes into the file itself.
    let mut reader = connection(&keys.file()).await;
    let mut reading = reader.begin().await.unwrap();
    let count = sqlx::query_scalar("SELECT count(*) FROM api_key");
    let _: i64 = count.fetch_one(&mut *reading).await.unwrap();
    node.keys().archive("a").await.unwrap();
    node.keys().unarchive("a").await.unwrap();
    let backup = keys.backup(ARCHIVE).await;
    assert!(fs::metadata(keys.at("keys.db-wal")).unwrap().len() > 0);
    fs::rename(backup, keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
    drop(reading);
    reader.close().await.unwrap();
    keys.assert_sound(node, false).await;
}

#[tokio::test]
async fn link_to_another_file_is_noticed_and_neither_file_is_damaged() {
    let (keys, node) = Keys::with_node().await;
    let backup = keys.backup(ARCHIVE).await;
    drop(node);
    std::os::unix::fs::symlink(keys.file(), keys.at("link.db")).unwrap();
    let (node, _) = keys.node_at("link.db").await;
    verify(&node, "a").await.unwrap();
    std::os::unix::fs::symlink(&backup, keys.at("new.db")).unwrap();
    fs::rename(keys.at("new.db"), keys.at("link.db")).unwrap();
    until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
    // This change goes into the new file and not into the old one.
    node.keys().delete("b").await.unwrap();
    execute(
        &keys.file(),
        "UPDATE api_key SET active = 1 WHERE name = 'b'",
    )
    .await;
    std::os::unix::fs::symlink(keys.file(), keys.at("new.db")).unwrap();
    fs::rename(keys.at("new.db"), keys.at("link.db")).unwrap();
    until_decided(&node, "a", Ok(())).await;
    verify(&node, "b").await.unwrap();
    keys.assert_sound(node, true).await;
}

#[tokio::test]
async fn removed_file_is_a_fault_until_it_is_back_and_no_empty_file_is_made() {
    let (keys, node) = Keys::with_node().await;
    let backup = keys.backup(ARCHIVE).await;
    fs::remove_file(keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::Unavailable)).await;
    until_decided(&node, "nobody's", Err(Reason::Unavailable)).await;
    let error = node
        .keys()
        .create(NewKey::new("c", "user"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Store(_)), "{error}");
    assert!(!keys.file().exists());
    until_said(&keys.file(), "was removed").await;
    fs::rename(backup, keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
    verify(&node, "b").await.unwrap();
    keys.assert_sound(node, false).await;
}

#[tokio::test]
async fn file_that_is_moved_away_and_back_has_lost_nothing() {
    let (keys, node) = Keys::with_node().await;
    node.keys().archive("a").await.unwrap();
    fs::rename(keys.file(), keys.at("away.db")).unwrap();
    until_decided(&node, "b", Err(Reason::Unavailable)).await;
    fs::rename(keys.at("away.db"), keys.file()).unwrap();
    until_decided(&node, "b", Ok(())).await;
    assert_eq!(verify(&node, "a").await.map(drop), Err(Reason::ArchivedKey));
    keys.assert_sound(node, false).await;
}

#[tokio::test]
async fn file_that_is_copied_over_in_place_is_noticed() {
    let (keys, node) = Keys::with_node().await;
    for (change, expected) in [
        (ARCHIVE, Err(Reason::ArchivedKey)),
        (UNARCHIVE, Ok(())),
        (
            "PRAGMA journal_mode = WAL; UPDATE api_key SET active = 0 WHERE name = 'a'",
            Err(Reason::ArchivedKey),
        ),
        (UNARCHIVE, Ok(())),
        // A file of another size.
        (
            "UPDATE api_key SET active = name <> 'a', metadata = json_object('x', hex(zeroblob(100000)))",
            Err(Reason::ArchivedKey),
        ),
        (
            "UPDATE api_key SET active = 1, metadata = '{}'; VACUUM",
            Ok(()),
        ),
    ] {
        until_checkpointed(&keys).await;
        let backup = keys.backup(change).await;
        fs::copy(&backup, keys.file()).unwrap();
        fs::remove_file(backup).unwrap();
        until_decided(&node, "a", expected).await;
        until_decided(&node, "b", Ok(())).await;
    }
    keys.assert_sound(node, true).await;
}

#[tokio::test]
async fn every_node_notices_that_the_file_is_copied_over_in_place() {
    let (keys, here) = Keys::with_node().await;
    let (there, _) = keys.node().await;
    for (change, expected) in [
        (ARCHIVE, Err(Reason::ArchivedKey)),
        (
            "UPDATE api_key SET active = 1, metadata = json_object('x', hex(zeroblob(100000)))",
            Ok(()),
        ),
    ] {
        until_checkpointed(&keys).await;
        let backup = keys.backup(change).await;
        fs::copy(&backup, keys.file()).unwrap();
        fs::remove_file(backup).unwrap();
        for node in [&here, &there] {
            until_decided(node, "a", expected).await;
        }
    }
    drop(there);
    keys.assert_sound(here, true).await;
}

#[tokio::test]
async fn change_of_the_schema_is_noticed_without_a_new_generation() {
    let (keys, node) = Keys::with_node().await;
    // SQLite's own restore writes all pages at once: the schema changes, and the generation need not.
    let mut connection = connection(&keys.file()).await;
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'api_key_updated'";
    let trigger: String = sqlx::query_scalar(trigger)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let past = format!("BEGIN; DROP TRIGGER api_key_updated; {ARCHIVE}; {trigger}; COMMIT");
    execute(&keys.file(), &past).await;
    until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
}

#[tokio::test]
async fn file_without_our_tables_is_a_fault_and_is_not_changed() {
    let (keys, node) = Keys::with_node().await;
    let backup = keys.backup(ARCHIVE).await;
    execute_new(&keys.at("other.db"), "CREATE TABLE other (x)").await;
    let before = fs::read(keys.at("other.db")).unwrap();
    fs::rename(keys.at("other.db"), keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::Unavailable)).await;
    until_said(&keys.file(), "has none of the tables").await;
    assert!(fs::read(keys.file()).unwrap() == before);
    fs::rename(backup, keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
}

async fn execute_new(file: &Path, sql: &str) {
    fs::write(file, "").unwrap();
    execute(file, sql).await;
}

#[tokio::test]
async fn file_of_a_newer_version_is_a_fault() {
    let (keys, node) = Keys::with_node().await;
    let newer = keys
        .backup(
            "INSERT INTO _auth_api_key_migrations
             SELECT 99, 'from the future', installed_on, success, checksum, execution_time
             FROM _auth_api_key_migrations WHERE version = 1",
        )
        .await;
    fs::rename(newer, keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::Unavailable)).await;
    let said = Log::of_process().until("its schema is 99");
    tokio::time::timeout(LONG, said).await.unwrap();
    execute(
        &keys.file(),
        "DELETE FROM _auth_api_key_migrations WHERE version = 99",
    )
    .await;
    until_decided(&node, "a", Ok(())).await;
}

#[tokio::test]
async fn file_that_is_still_being_copied_is_neither_used_nor_written() {
    let (keys, _) = Keys::with_node().await;
    let (node, store) = keys.node().await;
    verify(&node, "a").await.unwrap();
    let whole = fs::read(keys.backup(ARCHIVE).await).unwrap();
    fs::remove_file(keys.file()).unwrap();
    until_decided(&node, "a", Err(Reason::Unavailable)).await;
    for part in [0, 50, 100, 4096, whole.len() - 1] {
        fs::write(keys.file(), &whole[..part]).unwrap();
        tokio::time::timeout(LONG, store.until_watched_again(2))
            .await
            .unwrap();
        assert!(fs::read(keys.file()).unwrap() == whole[..part], "{part}");
        assert_eq!(verify(&node, "a").await.map(drop), Err(Reason::Unavailable));
    }
    fs::write(keys.file(), &whole).unwrap();
    until_decided(&node, "a", Err(Reason::ArchivedKey)).await;
    keys.assert_sound(node, false).await;
}

#[tokio::test]
async fn change_fails_if_the_file_is_replaced_while_it_waits() {
    let (keys, node) = Keys::with_node().await;
    let backup = keys.backup("SELECT 1").await;
    let mut locker = connection(&keys.file()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut locker)
        .await
        .unwrap();
    let changing = tokio::spawn({
        let node = node.clone();
        async move { node.keys().archive("a").await }
    });
    // Nothing announces that the change waits for the lock.
    tokio::time::sleep(Duration::from_millis(50)).await;
    fs::rename(backup, keys.file()).unwrap();
    locker.close().await.unwrap();
    let error = changing.await.unwrap().unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("replaced"), "{cause}");
    until_decided(&node, "a", Ok(())).await;
    node.keys().archive("a").await.unwrap();
    keys.assert_sound(node, false).await;
}
