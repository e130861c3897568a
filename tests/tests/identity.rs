//! What a node watches is known by more than a number: states that were restored, tables that were
//! made anew, and triggers that were changed are noticed.

use std::{fs, time::Duration};

use auth_api_key::{ApiKey, Authenticator, NewKey, Reason};
use tests::{cluster::Shared, postgres::Database};

/// Long past anything that is waited for, and less than a cache believes.
const LONG: Duration = Duration::from_secs(20);

async fn verify(auth: &Authenticator, text: &str) -> Result<ApiKey, Reason> {
    auth.verify::<&str>(text, &[], None).await
}

/// Waits until a node decides as it is to decide.
async fn until(auth: &Authenticator, text: &str, expected: Result<(), Reason>) {
    let decided = async {
        while verify(auth, text).await.map(drop) != expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let decided = tokio::time::timeout(LONG, decided).await;
    decided.unwrap_or_else(|_| panic!("{text} is not yet {expected:?}"));
}

async fn databases() -> impl Iterator<Item = Shared> {
    [Some(Shared::file()), Shared::server().await]
        .into_iter()
        .flatten()
}

const REVOKE: &str = "UPDATE api_key SET active = FALSE WHERE name = 'a'";

/// A node that has the keys `a` and `b` in its cache, and a database whose last change was that `b` was
/// taken back; `before` it, something is done.
async fn node<T>(shared: &Shared, before: impl AsyncFnOnce() -> T) -> (Authenticator, T) {
    let (node, _) = shared.node().await;
    for name in ["a", "b"] {
        let key = NewKey::new(name, "user").text(name);
        node.keys().create(key).await.unwrap();
    }
    node.keys().archive("b").await.unwrap();
    // Cached, so that it is taken back here only when the node has heard of it.
    until(&node, "b", Err(Reason::ArchivedKey)).await;
    node.flush().await;
    let done = before().await;
    shared
        .execute("UPDATE api_key SET active = TRUE WHERE name = 'b'")
        .await;
    for name in ["a", "b"] {
        until(&node, name, Ok(())).await;
    }
    (node, done)
}

/// That what was restored and the revocation after it are both heeded.
async fn assert_heeded(node: &Authenticator) {
    for name in ["a", "b"] {
        until(node, name, Err(Reason::ArchivedKey)).await;
    }
}

#[tokio::test]
async fn revocation_after_rows_that_were_set_back_is_heeded() {
    for shared in databases().await {
        let (node, ()) = node(&shared, async || ()).await;
        let [off, on, moves] = match shared {
            Shared::File(_) => ["", "", "2"],
            // Statements announce the rows as they were, and as they are.
            Shared::Server(_) => [
                "ALTER TABLE api_key DISABLE TRIGGER ALL;",
                "ALTER TABLE api_key ENABLE TRIGGER ALL;
                 ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_updated_from;
                 ALTER TABLE api_key ENABLE ALWAYS TRIGGER api_key_updated_to;",
                "2",
            ],
        };
        let restored = format!(
            "BEGIN; {off} UPDATE api_key SET active = FALSE WHERE name = 'b';
             UPDATE api_key_generation SET value = value - {moves}; {on} COMMIT; {REVOKE}"
        );
        shared.execute(&restored).await;
        assert_heeded(&node).await;
    }
}

#[tokio::test]
async fn revocation_after_an_older_file_was_copied_over_is_heeded() {
    let shared = Shared::file();
    let Shared::File(folder) = &shared else {
        unreachable!()
    };
    let [file, wal, backup] =
        ["keys.db", "keys.db-wal", "backup.db"].map(|name| folder.path().join(name));
    // What is beside the file has nothing then that a copy would miss.
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
    assert_heeded(&node).await;
}

#[tokio::test]
async fn revocation_after_tables_were_dropped_and_restored_is_heeded() {
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
    assert_heeded(&node).await;
    // Announcements of the new tables are heard: it is noticed before the generation is asked for.
    database.execute("UPDATE api_key SET active = TRUE").await;
    until(&node, "a", Ok(())).await;
}
