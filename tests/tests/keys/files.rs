//! SQLite files: who may read one, which files are refused, and how a file records changes.

use auth_api_key::{Authenticator, Error, NewKey, Reason, error::OpenError, store::SqliteStore};
use futures_util::future::join_all;
use sqlx::Connection as _;
use tests::{Log, name_of, sqlite::File};

async fn generation(file: &File) -> i64 {
    let query = sqlx::query_scalar("SELECT value FROM api_key_generation");
    query.fetch_one(&mut file.connection().await).await.unwrap()
}

#[tokio::test]
async fn keys_survive_a_restart() {
    let file = File::temporary();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    drop(auth);
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    assert_eq!(name_of(&auth, created.secret.expose()).await.unwrap(), "a");
}

#[tokio::test]
async fn file_is_in_wal_mode_with_foreign_keys_on() {
    let file = File::temporary();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    let mode = sqlx::query_scalar("PRAGMA journal_mode");
    let mode: String = mode.fetch_one(&mut file.connection().await).await.unwrap();
    assert_eq!(mode, "wal");
    let orphan = "INSERT INTO api_key_group_member (group_id, key_id) VALUES (99, 1)";
    let error = sqlx::query(orphan)
        .execute(&mut file.connection().await)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
}

#[tokio::test]
async fn database_of_a_newer_version_is_refused() {
    let file = File::temporary();
    drop(Authenticator::connect(&file.url()).await.unwrap());
    file.execute(
        "INSERT INTO _auth_api_key_migrations
         SELECT 99, 'from the future', installed_on, success, checksum, execution_time
         FROM _auth_api_key_migrations WHERE version = 1",
    )
    .await;
    let error = Authenticator::connect(&file.url()).await.unwrap_err();
    let found = |found: i64, known: i64| found == 99 && known < 99;
    assert!(
        matches!(error, Error::Open(OpenError::NewerDatabase { found: f, known: k }) if found(f, k)),
        "{error}"
    );
    assert!(
        error.to_string().contains("newer version of auth-api-key"),
        "{error}"
    );
}

#[tokio::test]
async fn processes_that_start_together_make_the_tables_once() {
    let file = File::temporary();
    let url = file.url();
    let opening = (0..8).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { SqliteStore::open(&url).await })
    });
    for opened in join_all(opening).await {
        opened.unwrap().unwrap();
    }
}

#[tokio::test]
async fn error_for_an_unusable_address_says_what_to_write() {
    for (url, said) in [
        ("mysql://user:hunter2@host/db", "starting with \"mysql\""),
        ("keys.db", "write \"sqlite:keys.db\" for a file"),
        ("sqlite::memory:", "`MemoryStore` for tests"),
        ("sqlite:", "`MemoryStore` for tests"),
        ("sqlite:keys.db?mode=memory", "`MemoryStore` for tests"),
        ("sqlite:keys.db?m%6Fde=memory", "`MemoryStore` for tests"),
        ("sqlite:file::memory:", "`MemoryStore` for tests"),
    ] {
        let error = Authenticator::connect(url).await.unwrap_err().to_string();
        assert!(
            error.contains(said) && !error.contains("hunter2"),
            "{error}"
        );
    }
    let missing = Authenticator::connect("sqlite:/no/such/folder/keys.db")
        .await
        .unwrap_err();
    assert!(
        missing.to_string().contains("\"/no/such/folder/keys.db\""),
        "{missing}"
    );
}

#[tokio::test]
async fn mode_in_the_address_decides_whether_a_file_is_made() {
    let file = File::temporary();
    let error = Authenticator::connect(&format!("{}?mode=rw", file.url()))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Open(OpenError::Unopened { .. })),
        "{error}"
    );
    Authenticator::connect(&format!("{}?mode=rwc", file.url()))
        .await
        .unwrap();
    Authenticator::connect(&format!("{}?mode=rw", file.url()))
        .await
        .unwrap();
}

/// The modes of a file and of the files that SQLite has made beside it.
#[cfg(unix)]
fn modes(path: &std::path::Path) -> Vec<u32> {
    use std::os::unix::fs::PermissionsExt;
    let beside = ["", "-wal", "-shm"].map(|ending| format!("{}{ending}", path.display()));
    let modes = beside.map(|file| std::fs::metadata(file).unwrap().permissions().mode() & 0o777);
    modes.to_vec()
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_new_file_however_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let shown = folder.path().display();
    std::fs::create_dir(at("elsewhere")).unwrap();
    std::os::unix::fs::symlink(at("elsewhere/target.db"), at("link.db")).unwrap();
    for (url, made) in [
        (format!("sqlite:{shown}/plain.db"), "plain.db"),
        (format!("sqlite://{shown}/slashes.db"), "slashes.db"),
        (format!("sqlite:{shown}/mode.db?mode=rwc"), "mode.db"),
        (format!("sqlite:{shown}/coded.db?m%6Fde=rwc"), "coded.db"),
        (format!("sqlite:{shown}/a%20%3F%25.db"), "a ?%.db"),
        (format!("sqlite:file:{shown}/url.db"), "url.db"),
        (format!("sqlite:file://{shown}/long.db?mode=rwc"), "long.db"),
        // SQLite would read the end of this name as a parameter.
        (
            format!("sqlite:file:{shown}/x%3Fmode=memory"),
            "x?mode=memory",
        ),
        (format!("sqlite:{shown}/link.db"), "elsewhere/target.db"),
    ] {
        let (log, auth) = Log::of(Authenticator::connect(&url)).await;
        let auth = auth.unwrap();
        auth.keys().create(NewKey::new("a", "user")).await.unwrap();
        assert_eq!(modes(&at(made)), [0o600; 3], "{url}");
        assert!(!log.contains("chmod"), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn file_that_others_can_read_is_reported_and_not_changed() {
    use std::os::unix::fs::PermissionsExt;
    for mode in [0o644, 0o640, 0o604, 0o620, 0o600] {
        let file = File::temporary();
        let path = file.folder().canonicalize().unwrap().join("keys.db");
        drop(SqliteStore::open(&file.url()).await.unwrap());
        let permissions = PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&path, permissions).unwrap();
        let (log, auth) = Log::of(Authenticator::connect(&file.url())).await;
        auth.unwrap();
        let said = format!("run `chmod 600 '{}'", path.display());
        assert_eq!(log.contains(&said), mode != 0o600, "{mode:o}: {log}");
        let left = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(left & 0o777, mode);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn write_ahead_log_that_others_can_read_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let file = File::temporary();
    let first = Authenticator::connect(&file.url()).await.unwrap();
    // While somebody reads, what is written stays in the log. SQLite itself takes an empty log from others.
    let mut reader = file.connection().await;
    let mut reading = reader.begin().await.unwrap();
    let read = sqlx::query("SELECT count(*) FROM api_key");
    read.fetch_one(&mut *reading).await.unwrap();
    first.keys().create(NewKey::new("a", "user")).await.unwrap();
    let wal = file.folder().canonicalize().unwrap().join("keys.db-wal");
    std::fs::set_permissions(&wal, PermissionsExt::from_mode(0o644)).unwrap();
    let (log, second) = Log::of(Authenticator::connect(&file.url())).await;
    second.unwrap();
    let said = format!("run `chmod 600 '{}'", wal.display());
    assert!(log.contains(&said), "{log}");
}

#[tokio::test]
async fn every_change_that_may_alter_a_decision_moves_the_generation() {
    let file = File::temporary();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    auth.keys()
        .create(NewKey::new("a", "user").groups(["shop"]))
        .await
        .unwrap();
    let mut before = generation(&file).await;
    for change in [
        "UPDATE api_key SET active = 0",
        "UPDATE api_key_user SET active = 0",
        "UPDATE api_key_secret SET valid_until = 0",
        "UPDATE api_key_group SET code = 'other'",
        "INSERT INTO api_key_user (id) VALUES ('new')",
        "INSERT INTO api_key (name, user_id) VALUES ('by hand', 'new')",
        "INSERT INTO api_key_secret (key_id, digest, pepper_version, hint)
         SELECT id, randomblob(32), 0, '' FROM api_key WHERE name = 'by hand'",
        "INSERT INTO api_key_group (code) VALUES ('new')",
        "INSERT INTO api_key_group_member (group_id, key_id)
         SELECT g.id, k.id FROM api_key_group g, api_key k WHERE g.code = 'new' AND k.name = 'a'",
        "UPDATE api_key_group_member SET key_id = key_id",
        "DELETE FROM api_key_group_member",
        "DELETE FROM api_key_group",
        "DELETE FROM api_key_secret",
        "DELETE FROM api_key",
        "DELETE FROM api_key_user",
    ] {
        file.execute(change).await;
        let after = generation(&file).await;
        assert!(after > before, "{change}");
        before = after;
    }
}

#[tokio::test]
async fn key_without_a_digest_is_listed_and_no_text_matches_it() {
    let file = File::temporary();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    file.execute("DELETE FROM api_key_secret").await;
    assert_eq!(
        name_of(&auth, created.secret.expose()).await,
        Err(Reason::UnknownKey)
    );
    assert_eq!(
        auth.keys()
            .get("a")
            .await
            .unwrap()
            .unwrap()
            .hint
            .to_string(),
        ""
    );
}
