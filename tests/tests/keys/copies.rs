//! Keys that are copied from one database to another: callers keep them, a copy that was broken off goes
//! on, and what must not be copied over is not.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator, Builder, NewKey, Reason,
    key::{KeyFilter, KeyUpdate},
    store::{CopyError, CopyProgress, copy},
};
use tests::{Log, chain, cluster::Shared, listed, name_of, sqlite::File, until};
use tokio::sync::watch;

const PEPPERS: [&[u8]; 2] = [b"a pepper of the tests", b"another pepper of the tests"];

fn builder() -> Builder {
    let [first, second] = PEPPERS;
    Authenticator::builder().pepper(1, first).pepper(2, second)
}

async fn copied(from: &Shared, to: &Shared) -> Result<u64, CopyError> {
    copy(&from.url(), &to.url(), None, |_| {}).await
}

async fn handed_over(from: &Shared, to: &Shared) -> Result<u64, CopyError> {
    copy(&from.url(), &to.url(), Some("mover"), |_| {}).await
}

#[track_caller]
fn assert_refused(copied: Result<u64, CopyError>, why: &str) {
    let said = chain(&copied.unwrap_err());
    assert!(said.contains(why), "{said}");
}

/// Texts, one in a row.
async fn texts(shared: &Shared, sql: &str) -> Vec<String> {
    shared.texts(sql).await
}

async fn number(shared: &Shared, sql: &str) -> i64 {
    let sql = format!("SELECT CAST(({sql}) AS text)");
    texts(shared, &sql).await[0].parse().unwrap()
}

/// What moves with every change of keys.
async fn state(shared: &Shared) -> String {
    let token = match shared {
        Shared::File(_) => {
            "SELECT value || hex(token) FROM api_key_generation JOIN api_key_token ON generation = value"
        }
        Shared::Server(_) => "SELECT value || CAST(token AS text) FROM api_key_generation",
    };
    texts(shared, token).await.remove(0)
}

/// A pair of databases in each direction; without a server, only pairs of files.
async fn pairs() -> Vec<(Shared, Shared)> {
    let mut pairs = vec![(Shared::file(), Shared::file())];
    for to_server in [true, false] {
        if let Some(server) = Shared::server().await {
            pairs.push(match to_server {
                true => (Shared::file(), server),
                false => (server, Shared::file()),
            });
        }
    }
    if let (Some(one), Some(other)) = (Shared::server().await, Shared::server().await) {
        pairs.push((one, other));
    }
    pairs
}

/// Keys of each kind: gives their texts.
async fn fill(shared: &Shared) -> Vec<String> {
    let auth = builder().connect(&shared.url()).await.unwrap();
    let keys = auth.keys().acting_as("alice");
    let mut given = vec!["swordfish".to_owned(), "typed by hand".to_owned()];
    let everything = NewKey::new("Müller", "user-7")
        .prefix("shop")
        .groups(["shop", "erp"])
        .networks([
            "10.0.0.0/8".parse().unwrap(),
            "2001:db8::/32".parse().unwrap(),
        ])
        .technical_name("muller")
        .expires_at(SystemTime::now() + Duration::from_secs(3600))
        .metadata_from(
            &serde_json::json!({"z": 1.5, "a": [null, {"b": "…"}], "n": 12345678901234_i64}),
        );
    let create = [
        everything.unwrap(),
        NewKey::new("old", "user-7").text("swordfish"),
        NewKey::new("rotated", "user-8").prefix("shop"),
        NewKey::new("archived", "user-8")
            .text("typed by hand")
            .groups(["erp"]),
        NewKey::new("of a user who left", "user-9"),
        NewKey::new("deleted", "user-9"),
    ];
    for key in keys.create_all(create).await.unwrap() {
        given.push(key.secret.expose().to_owned());
    }
    let rotated = keys
        .rotate("rotated", Duration::from_secs(600))
        .await
        .unwrap();
    given.push(rotated.secret.expose().to_owned());
    keys.archive("archived").await.unwrap();
    auth.users().archive("user-9").await.unwrap();
    auth.groups().put("shop", "The shop").await.unwrap();
    keys.delete("deleted").await.unwrap();
    let used = "UPDATE api_key_use SET used_at = 1700000000000 + key_id WHERE key_id < 3;
                UPDATE api_key SET created_at = created_at - id, renewed_at = created_at - id;
                UPDATE api_key_recording SET since = 1700000000000;
                INSERT INTO api_key_operator_group VALUES ('key-managers'), ('key-viewers');
                INSERT INTO api_key_event (session, action, user_id) VALUES ('bob', 'user archived', 'user-9');
                UPDATE api_key_secret SET pepper_version = 1 WHERE key_id = 5";
    shared.execute(used).await;
    given
}

/// What a node says of each text.
async fn decided(shared: &Shared, given: &[String]) -> Vec<Result<String, Reason>> {
    let auth = builder().connect(&shared.url()).await.unwrap();
    let mut decided = Vec::new();
    for text in given {
        let address = "10.1.2.3".parse().unwrap();
        let verified = auth.verify(text, &[], Some(address)).await;
        decided.push(verified.map(|key| key.name.clone()));
    }
    decided
}

#[tokio::test]
async fn callers_keep_their_keys_in_another_database() {
    for (from, to) in pairs().await {
        let given = fill(&from).await;
        let keys = copied(&from, &to).await.unwrap();
        assert_eq!(keys, 5);
        let (here, there) = (
            builder().connect(&from.url()).await.unwrap(),
            builder().connect(&to.url()).await.unwrap(),
        );
        let all = KeyFilter::new();
        assert_eq!(listed(&there, &all).await, listed(&here, &all).await);
        let groups = |auth: &Authenticator| {
            let groups = auth.groups();
            async move { groups.list(&Default::default()).await.unwrap() }
        };
        assert_eq!(groups(&there).await.items, groups(&here).await.items);
        assert_eq!(decided(&to, &given).await, decided(&from, &given).await);
        assert_ne!(state(&to).await, state(&from).await);
        // The id of a key that was deleted is not used again.
        let new = |auth: &Authenticator| {
            let keys = auth.keys();
            async move {
                keys.create(NewKey::new("new", "user"))
                    .await
                    .unwrap()
                    .record
                    .id
            }
        };
        assert_eq!(new(&there).await, new(&here).await);
        let ids = "SELECT max(id) FROM api_key_secret";
        assert_eq!(number(&to, ids).await, number(&from, ids).await);
    }
}

/// Nothing that a migration makes is forgotten: neither a table nor a column.
#[tokio::test]
async fn every_table_and_column_of_the_schema_is_copied() {
    /// What a database has for itself.
    const OWN: [&str; 10] = [
        "_auth_api_key_migrations",
        "api_key_acting",
        "api_key_change",
        "api_key_copy",
        "api_key_definition",
        "api_key_generation",
        "api_key_schema",
        "api_key_session",
        "api_key_token",
        "api_key_trigger",
    ];
    for (from, to) in pairs().await {
        let (columns, as_text) = match (&from, &to) {
            (Shared::File(_), Shared::File(_)) => (
                "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name LIKE '%api_key%' ORDER BY 1",
                "quote",
            ),
            (Shared::Server(_), Shared::Server(_)) => (
                "SELECT c.table_name || '.' || column_name FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE table_type = 'BASE TABLE' AND table_name LIKE '%api\\_key%' ORDER BY 1",
                "quote_nullable",
            ),
            _ => continue,
        };
        fill(&from).await;
        let found = texts(&from, columns).await;
        copied(&from, &to).await.unwrap();
        let mut tables = BTreeSet::new();
        for column in &found {
            let (table, column) = column.split_once('.').unwrap();
            tables.insert(table);
            // The tables of an FTS5 table.
            let of_the_search = table.starts_with("api_key_search_");
            if OWN.contains(&table)
                || of_the_search
                || table == "api_key_event" && ["by_hand", "transaction"].contains(&column)
            {
                continue;
            }
            let values = format!("SELECT {as_text}({column}) FROM {table} ORDER BY 1");
            let values = (texts(&from, &values).await, texts(&to, &values).await);
            let different: BTreeSet<&String> = values.0.iter().collect();
            assert!(
                // Of which there is one row.
                different.len() > 1 || table == "api_key_recording",
                "`fill` must give `{table}.{column}` different values, or nothing shows that it is copied"
            );
            assert_eq!(values.0, values.1, "`{table}.{column}` is not copied");
        }
        assert!(tables.len() > 10, "{tables:?}");
    }
}

/// Many keys, as a service has them that has outgrown a file. Without the triggers, which take their time
/// for each row.
async fn fill_file(file: &Shared, keys: u32) {
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    auth.keys()
        .create(NewKey::new("first", "user-1").text("swordfish"))
        .await
        .unwrap();
    let triggers = "SELECT sql FROM sqlite_schema WHERE type = 'trigger'";
    let triggers = texts(file, triggers).await.join(";\n");
    let drop = "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger'";
    let drop = texts(file, drop).await.join(";\n");
    drop_and_fill(file, keys, &drop, &triggers).await;
}

async fn drop_and_fill(file: &Shared, keys: u32, drop: &str, triggers: &str) {
    let numbers = format!(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {keys}) SELECT"
    );
    file.execute(&format!(
        "BEGIN IMMEDIATE; {drop};
         INSERT INTO api_key_user (id) {numbers} 'user-' || i FROM n WHERE i <= {keys} / 10;
         INSERT INTO api_key_group (code) VALUES ('shop');
         INSERT INTO api_key (name, user_id, metadata, expires_at, active, created_at)
             {numbers} 'key-' || i, 'user-' || (i % ({keys} / 10) + 1), '{{\"number\": ' || i || '}}',
             CASE WHEN i % 3 = 0 THEN 4102444800000 END, i % 5 <> 0, 1700000000000 + i FROM n;
         INSERT INTO api_key_secret (key_id, digest, pepper_version, hint)
             SELECT id, randomblob(32), 0, 'abcd' FROM api_key WHERE id > 1;
         INSERT INTO api_key_group_member (group_id, key_id)
             SELECT 1, id FROM api_key WHERE id % 4 = 0;
         INSERT INTO api_key_use (key_id, used_at)
             SELECT id, 1750000000000 + id FROM api_key WHERE id > 1;
         DELETE FROM api_key_listed;
         INSERT INTO api_key_listed SELECT * FROM api_key_to_list;
         {triggers}; COMMIT"
    ))
    .await;
}

/// All rows of a file's table, and of a server's.
async fn assert_same_rows(file: &Shared, server: &Shared) {
    for (table, in_file, in_server) in [
        ("api_key_user", "id || active", "id || CAST(active AS int)"),
        (
            "api_key",
            "id || name || user_id || coalesce(expires_at, '') || active || created_at
             || json_extract(metadata, '$.number')",
            "id || name || user_id || coalesce(CAST(expires_at AS text), '') || CAST(active AS int)
             || created_at || (metadata ->> 'number')",
        ),
        (
            "api_key_secret",
            "id || ' ' || key_id || lower(hex(digest)) || hint",
            "id || ' ' || key_id || encode(digest, 'hex') || hint",
        ),
        (
            "api_key_group_member",
            "group_id || ' ' || key_id",
            "group_id || ' ' || key_id",
        ),
        (
            "api_key_use",
            "key_id || ' ' || used_at",
            "key_id || ' ' || used_at",
        ),
    ] {
        // One key was made otherwise, and is used.
        let key = match table {
            "api_key" | "api_key_secret" => "id",
            "api_key_use" => "key_id",
            _ => "2",
        };
        let sorted = async |shared, row| {
            let sql = format!("SELECT {row} FROM {table} WHERE {key} > 1");
            let mut rows = texts(shared, &sql).await;
            rows.sort_unstable();
            rows
        };
        let (here, there) = (sorted(file, in_file).await, sorted(server, in_server).await);
        assert!(
            here == there,
            "{table}: {} and {} rows",
            here.len(),
            there.len()
        );
    }
}

#[tokio::test]
async fn copy_of_many_keys_that_was_broken_off_goes_on() {
    let Some(to) = Shared::server().await else {
        return;
    };
    let from = Shared::file();
    fill_file(&from, 10_000).await;
    let (at, mut reached) = watch::channel(0);
    let urls = (from.url(), to.url());
    let show = move |progress: CopyProgress| {
        at.send_replace(progress.done);
    };
    let copying = tokio::spawn(async move { copy(&urls.0, &urls.1, None, show).await });
    // In the middle of the texts.
    reached.wait_for(|done| *done >= 16_000).await.unwrap();
    copying.abort();
    assert!(copying.await.unwrap_err().is_cancelled());
    let texts_copied = number(&to, "SELECT count(*) FROM api_key_secret").await;
    assert!((1..10_000).contains(&texts_copied), "{texts_copied}");
    let said = unfinished(&to).await.unwrap();
    let command = format!(
        "run `auth-api-key copy --from '{}' --to 'postgres://",
        from.url()
    );
    assert!(said.contains(&command), "{said}");

    assert_eq!(copied(&from, &to).await.unwrap(), 10_000);
    assert_same_rows(&from, &to).await;
    assert_eq!(unfinished(&to).await, None);
    let node = Authenticator::connect(&to.url()).await.unwrap();
    assert_eq!(name_of(&node, "swordfish").await.unwrap(), "first");
    let page = KeyFilter::new().group("shop");
    assert_eq!(node.keys().count(&page).await.unwrap(), 2_500);

    // Once more, which changes nothing.
    let before = state(&to).await;
    assert_eq!(copied(&from, &to).await.unwrap(), 10_000);
    assert_eq!(state(&to).await, before);
}

/// Changes a database when a copy has first reported its progress, and its snapshot is old. The copy waits
/// for the change.
fn in_its_middle(
    url: String,
    change: impl AsyncFn(Authenticator) + Clone + Send + 'static,
) -> impl FnMut(CopyProgress) + Send {
    let mut changed = false;
    move |_| {
        if std::mem::replace(&mut changed, true) {
            return;
        }
        let (url, change) = (url.clone(), change.clone());
        // The thread of the test has a runtime that is at work.
        let changing = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async { change(builder().connect(&url).await.unwrap()).await });
        });
        changing.join().unwrap();
    }
}

#[tokio::test]
async fn copy_stops_when_somebody_changes_the_target_meanwhile() {
    for (from, to) in pairs().await {
        fill(&from).await;
        let change = in_its_middle(to.url(), async |auth| {
            auth.keys()
                .create(NewKey::new("own", "user"))
                .await
                .unwrap();
        });
        let stopped = copy(&from.url(), &to.url(), Some("mover"), change).await;
        assert_refused(stopped, "were changed before the copy was finished");
        let active = "SELECT count(*) FROM api_key WHERE active";
        assert_eq!(number(&from, active).await, 4);
        assert_eq!(number(&to, "SELECT count(*) FROM api_key").await, 1);
    }
}

#[tokio::test]
async fn copy_ends_with_what_was_changed_meanwhile() {
    for (from, to) in pairs().await {
        let given = fill(&from).await;
        let change = in_its_middle(from.url(), async |auth| {
            auth.keys().archive("old").await.unwrap();
            let new = NewKey::new("meanwhile", "user-10").text("meanwhile");
            auth.keys().create(new).await.unwrap();
        });
        copy(&from.url(), &to.url(), None, change).await.unwrap();
        let given = [given, vec!["meanwhile".to_owned()]].concat();
        let there = decided(&to, &given).await;
        assert_eq!(there[0], Err(Reason::ArchivedKey));
        assert_eq!(there.last().unwrap(), &Ok("meanwhile".to_owned()));
        assert_eq!(there, decided(&from, &given).await);
    }
}

#[tokio::test]
async fn later_copy_adds_changes_and_takes_away_what_is_gone() {
    for (from, to) in pairs().await {
        let given = fill(&from).await;
        copied(&from, &to).await.unwrap();
        let here = builder().connect(&from.url()).await.unwrap();
        let keys = here.keys();
        // Two names and a technical name change places.
        let rename = async |name, to| keys.update(name, KeyUpdate::new().name(to)).await.unwrap();
        rename("old", "spare").await;
        rename("rotated", "old").await;
        rename("spare", "rotated").await;
        keys.update("Müller", KeyUpdate::new().technical_name(None::<String>))
            .await
            .unwrap();
        keys.update("archived", KeyUpdate::new().technical_name(Some("muller")))
            .await
            .unwrap();
        keys.unarchive("archived").await.unwrap();
        keys.rotate("of a user who left", Duration::ZERO)
            .await
            .unwrap();
        here.users().unarchive("user-9").await.unwrap();
        here.groups().remove("erp", "Müller").await.unwrap();
        keys.delete("rotated").await.unwrap();
        let again = NewKey::new("again", "user-11")
            .text("swordfish")
            .groups(["new"]);
        keys.create(again).await.unwrap();
        // A node over the target may have let a key in already.
        let used = "UPDATE api_key_use SET used_at = 1800000000000 WHERE key_id IN (1, 5)";
        to.execute(used).await;
        from.execute("UPDATE api_key_use SET used_at = 1700000000000 WHERE key_id = 4")
            .await;
        copied(&from, &to).await.unwrap();
        let (old, new) = (1_700_000_000_000, 1_800_000_000_000);
        // Also of a key whose technical name is that of another one now.
        for (key, used_at) in [(1, new), (4, old), (5, new)] {
            let used = format!("SELECT used_at FROM api_key_use WHERE key_id = {key}");
            assert_eq!(number(&to, &used).await, used_at);
        }
        let there = builder().connect(&to.url()).await.unwrap();
        let all = KeyFilter::new();
        let (mut expected, mut found) = (listed(&here, &all).await, listed(&there, &all).await);
        for key in expected.iter_mut().chain(&mut found) {
            key.last_used_at = None;
        }
        assert_eq!(found, expected);
        assert_eq!(decided(&to, &given).await, decided(&from, &given).await);
        let groups = "SELECT count(*) FROM api_key_group_member";
        assert_eq!(number(&to, groups).await, number(&from, groups).await);
    }
}

#[tokio::test]
async fn source_refuses_its_keys_once_they_are_handed_over() {
    for (from, to) in pairs().await {
        let given = fill(&from).await;
        let before = decided(&from, &given).await;
        let old = builder().connect(&from.url()).await.unwrap();
        name_of(&old, "swordfish").await.unwrap();
        copied(&from, &to).await.unwrap();
        let later = NewKey::new("later", "user-10").text("later");
        old.keys().create(later).await.unwrap();
        handed_over(&from, &to).await.unwrap();
        let archived = "SELECT DISTINCT coalesce(actor, '') FROM api_key_event
                        WHERE action = 'archived' AND key_name = 'later'";
        assert_eq!(from.texts(archived).await, ["mover"]);
        for text in ["swordfish", "later"] {
            let refused = async || name_of(&old, text).await;
            until(
                refused,
                Err(Reason::ArchivedKey),
                "the keys were handed over",
            )
            .await;
        }
        assert_eq!(decided(&to, &given).await, before);
        let later = ["later".to_owned()];
        assert_eq!(decided(&to, &later).await, [Ok("later".to_owned())]);
        // Whoever does it again, since the answer was lost, finds it done.
        handed_over(&from, &to).await.unwrap();
        assert_refused(copied(&from, &to).await, "are archived already");
        old.keys().unarchive("old").await.unwrap();
        for again in [copied(&from, &to).await, handed_over(&from, &to).await] {
            assert_refused(again, "was changed after `--final`");
        }
        assert_eq!(decided(&to, &given).await, before);
    }
}

/// As if it were killed after the target was marked, and before the source's keys were archived.
#[tokio::test]
async fn handing_over_that_was_broken_off_goes_on() {
    for (from, to) in pairs().await {
        let given = fill(&from).await;
        let before = decided(&from, &given).await;
        copied(&from, &to).await.unwrap();
        let told = format!("UPDATE api_key_copy SET handed_over = '{}'", {
            let sql = match &from {
                Shared::File(_) => {
                    "SELECT value || ':' || hex(token) FROM api_key_generation
                     JOIN api_key_token ON generation = value"
                }
                Shared::Server(_) => "SELECT value || ':' || token FROM api_key_generation",
            };
            texts(&from, sql).await.remove(0)
        });
        to.execute(&told).await;
        // The target is in use meanwhile.
        let there = builder().connect(&to.url()).await.unwrap();
        let new = NewKey::new("new", "user-10").text("new");
        there.keys().create(new).await.unwrap();
        let left = "run this with `--final`, so that the source refuses its keys";
        assert_refused(copied(&from, &to).await, left);
        handed_over(&from, &to).await.unwrap();
        let active = "SELECT count(*) FROM api_key WHERE active";
        assert_eq!(number(&from, active).await, 0);
        assert_eq!(decided(&to, &given).await, before);
        name_of(&there, "new").await.unwrap();
    }
}

/// What a node over a database logs, and gives, of a copy that is not finished.
async fn unfinished(shared: &Shared) -> Option<String> {
    let builder = Authenticator::builder().allow_missing_peppers();
    let (log, auth) = Log::of(builder.connect(&shared.url())).await;
    let said = auth.unwrap().maintenance().unfinished_copy().await.unwrap();
    let said = said.map(|copy| copy.to_string());
    assert_eq!(log.contains("an unfinished copy"), said.is_some(), "{log}");
    said
}

#[tokio::test]
async fn target_that_has_other_keys_is_refused() {
    for (from, to) in pairs().await {
        fill(&from).await;
        // Of its own.
        let there = builder().connect(&to.url()).await.unwrap();
        there
            .keys()
            .create(NewKey::new("own", "user").text("own").groups(["own"]))
            .await
            .unwrap();
        let before = state(&to).await;
        assert_refused(copied(&from, &to).await, "the target has other keys");
        assert_eq!(state(&to).await, before);
        name_of(&there, "own").await.unwrap();
        // Copied, and changed since. A user and a group without keys are nobody's.
        there.keys().delete("own").await.unwrap();
        copied(&from, &to).await.unwrap();
        there.keys().archive("old").await.unwrap();
        for again in [copied(&from, &to).await, handed_over(&from, &to).await] {
            assert_refused(
                again,
                "the keys of the target were changed since they were copied",
            );
        }
        assert!(
            there
                .groups()
                .list(&Default::default())
                .await
                .unwrap()
                .items
                .iter()
                .all(|group| group.code != "own")
        );
        let old = there.keys().get("old").await.unwrap().unwrap();
        assert!(!old.active);
        // A copy of another one.
        let other = Shared::file();
        fill(&other).await;
        assert_refused(
            copied(&other, &to).await,
            "holds a copy of another database",
        );
        // Itself.
        assert_refused(copied(&from, &from).await, "are one database");
    }
}

#[tokio::test]
async fn target_with_another_pepper_is_refused() {
    for (from, to) in pairs().await {
        fill(&from).await;
        let other = Authenticator::builder().pepper(1, "another pepper of that version");
        other.connect(&to.url()).await.unwrap();
        assert_refused(
            copied(&from, &to).await,
            "a different pepper of the same version",
        );
        assert_eq!(number(&to, "SELECT count(*) FROM api_key").await, 0);
        to.execute("DELETE FROM api_key_pepper WHERE version = 1")
            .await;
        copied(&from, &to).await.unwrap();
    }
}

#[tokio::test]
async fn source_is_not_made_migrated_or_written() {
    for (from, to) in pairs().await {
        if let Shared::File(file) = &from {
            copied(&from, &to).await.unwrap_err();
            assert!(!file.path().exists());
        }
        from.make_first_version().await;
        assert_refused(copied(&from, &to).await, "auth-api-key migrate");
        let migrations = "SELECT max(version) FROM _auth_api_key_migrations";
        assert_eq!(number(&from, migrations).await, 1);
    }
    for (from, to) in pairs().await {
        fill(&from).await;
        from.execute(
            "INSERT INTO api_key_schema VALUES (8, 5);
             INSERT INTO _auth_api_key_migrations
             SELECT 8, 'newer', installed_on, success, checksum, execution_time
             FROM _auth_api_key_migrations WHERE version = 1",
        )
        .await;
        // It may have columns that would be left behind.
        let newer = "made by a newer version of auth-api-key";
        assert_refused(copied(&from, &to).await, newer);
        if let Shared::File(file) = &to {
            assert!(!file.path().exists());
        }
    }
}

#[tokio::test]
async fn row_that_the_target_does_not_take_is_named() {
    for (from, to) in pairs().await {
        fill(&from).await;
        from.execute(match &from {
            Shared::File(_) => {
                "DROP TRIGGER api_key_checked_updated;
                 UPDATE api_key SET networks = '[\"everywhere\"]' WHERE name = 'old'"
            }
            Shared::Server(_) => {
                "ALTER TABLE api_key DROP CONSTRAINT api_key_networks_are_readable;
                 UPDATE api_key SET networks = '[\"everywhere\"]' WHERE name = 'old'"
            }
        })
        .await;
        let refused = copied(&from, &to).await;
        let id = number(&from, "SELECT id FROM api_key WHERE name = 'old'").await;
        assert_refused(
            refused,
            &format!("the row of `api_key` with id {id}, name \"old\" cannot be copied"),
        );
        assert!(unfinished(&to).await.is_some());
        let auth = builder().connect(&from.url()).await.unwrap();
        auth.keys()
            .update("old", KeyUpdate::new().networks([]))
            .await
            .unwrap();
        assert_eq!(copied(&from, &to).await.unwrap(), 5);
        assert_eq!(unfinished(&to).await, None);
    }
}

#[tokio::test]
async fn target_that_is_refused_stays_as_it_is() {
    let version = "SELECT max(version) FROM _auth_api_key_migrations";
    for (from, to) in pairs().await {
        fill(&from).await;
        // With tables of an older version.
        to.make_first_version().await;
        to.execute(
            "INSERT INTO api_key_user (id) VALUES ('user');
             INSERT INTO api_key (name, user_id, created_at) VALUES ('own', 'user', 0)",
        )
        .await;
        assert_refused(copied(&from, &to).await, "the target has other keys");
        assert_eq!(number(&to, version).await, 1);
        to.execute("DELETE FROM api_key").await;
        let check = match &to {
            Shared::File(_) => "zeroblob(32)",
            Shared::Server(_) => "decode(repeat('00', 32), 'hex')",
        };
        to.execute(&format!("INSERT INTO api_key_pepper VALUES (1, {check})"))
            .await;
        assert_refused(
            copied(&from, &to).await,
            "a different pepper of the same version",
        );
        assert_eq!(number(&to, version).await, 1);
        to.execute("DELETE FROM api_key_pepper").await;
        assert_eq!(copied(&from, &to).await.unwrap(), 5);
    }
    // Somebody else's, whose file is not in the mode of ours.
    let (from, to) = (Shared::file(), Shared::file());
    fill(&from).await;
    std::fs::write(to.url().strip_prefix("sqlite:").unwrap(), "").unwrap();
    to.execute("CREATE TABLE api_key (theirs)").await;
    assert_refused(
        copied(&from, &to).await,
        "a table `api_key` that auth-api-key did not make",
    );
    let found = texts(
        &to,
        "SELECT journal_mode || ' ' || group_concat(name) FROM pragma_journal_mode, sqlite_schema",
    );
    assert_eq!(found.await, ["delete api_key"]);
}

#[tokio::test]
async fn error_says_which_of_the_two_databases_failed() {
    let there = Shared::file();
    fill(&there).await;
    let nowhere = ["sqlite:/nowhere/keys.db", "postgres://localhost:1/keys"];
    for nowhere in nowhere {
        let from = copy(nowhere, &there.url(), None, |_| {}).await;
        assert!(matches!(from, Err(CopyError::Source(_))), "{from:?}");
        let to = copy(&there.url(), nowhere, None, |_| {}).await;
        assert!(matches!(to, Err(CopyError::Target(_))), "{to:?}");
    }
    // In the middle, too.
    let to = Shared::file();
    let url = to.url();
    let break_it = move |_| {
        let url = url.clone();
        let breaking = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let path = url.strip_prefix("sqlite:").unwrap().to_owned();
            runtime.block_on(tests::sqlite::execute(
                path.as_ref(),
                "DROP TABLE IF EXISTS api_key_use",
            ));
        });
        breaking.join().unwrap();
    };
    let broken = copy(&there.url(), &to.url(), None, break_it).await;
    assert!(matches!(broken, Err(CopyError::Target(_))), "{broken:?}");
}

#[tokio::test]
async fn source_that_cannot_be_written_is_copied() {
    let (from, to) = (File::temporary(), Shared::file());
    let auth = builder().connect(&from.url()).await.unwrap();
    auth.keys()
        .create(NewKey::new("key", "user"))
        .await
        .unwrap();
    drop(auth);
    for parameters in ["?mode=ro", "?immutable=1"] {
        let from = format!("{}{parameters}", from.url());
        assert_eq!(copy(&from, &to.url(), None, |_| {}).await.unwrap(), 1);
        let refused = copy(&from, &to.url(), Some("mover"), |_| {})
            .await
            .unwrap_err();
        assert!(matches!(refused, CopyError::Source(_)), "{refused:?}");
        assert_eq!(unfinished(&to).await, None);
    }
}

#[tokio::test]
async fn keys_with_much_metadata_are_copied_a_few_at_a_time() {
    for (from, to) in pairs().await {
        let auth = builder().connect(&from.url()).await.unwrap();
        let text = "x".repeat(1_000_000);
        let key = |at| {
            let key = NewKey::new(format!("key-{at}"), "user");
            key.metadata_from(&serde_json::json!({"text": text}))
                .unwrap()
        };
        auth.keys().create_all((0..12).map(key)).await.unwrap();
        let (mut before, mut steps) = (0, Vec::new());
        let show = |progress: CopyProgress| {
            steps.push(progress.done - before);
            before = progress.done;
        };
        copy(&from.url(), &to.url(), None, show).await.unwrap();
        // Those of the keys and of their events; their texts are small.
        assert_eq!(steps.iter().filter(|rows| **rows == 4).count(), 6);
        assert_eq!(
            steps.iter().filter(|rows| **rows == 12).count(),
            2,
            "{steps:?}"
        );
    }
}

#[tokio::test]
async fn numbers_with_more_digits_than_any_type_has_arrive_as_they_are() {
    for (from, to) in pairs().await {
        fill(&from).await;
        let metadata = "SELECT CAST(metadata AS text) FROM api_key WHERE name = 'old'";
        for last in ["1", "2"] {
            let number = format!("12345678901234567890123456789{last}");
            from.execute(&format!(
                "UPDATE api_key SET metadata = '{{\"n\": {number}}}' WHERE name = 'old'"
            ))
            .await;
            copied(&from, &to).await.unwrap();
            let there = texts(&to, metadata).await.remove(0);
            assert!(there.contains(&number), "{there}");
            let before = state(&to).await;
            copied(&from, &to).await.unwrap();
            assert_eq!(state(&to).await, before);
        }
        // Also where something else is changed.
        let auth = builder().connect(&to.url()).await.unwrap();
        let user = KeyUpdate::new().user("user-10");
        auth.keys().update("old", user).await.unwrap();
        let there = texts(&to, metadata).await.remove(0);
        assert!(there.contains("123456789012345678901234567892"), "{there}");
    }
}
