//! The stores: the same behaviour over memory and SQLite, and what a file must keep and refuse.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::{InputError, OpenError, PepperError, StateError},
    key::{Group, IpNet, KeyFilter, KeyUpdate, Paging},
    store::{PostgresStore, SqliteStore},
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;
use tests::{Log, listed, postgres::Database};

/// A file that is gone with the value.
struct File(TempDir);

impl File {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.0.path().join("keys.db").display())
    }

    async fn connection(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.url()).await.unwrap()
    }

    async fn execute(&self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        sql.execute(&mut self.connection().await).await.unwrap();
    }

    async fn generation(&self) -> i64 {
        let query = sqlx::query_scalar("SELECT value FROM api_key_generation");
        query.fetch_one(&mut self.connection().await).await.unwrap()
    }
}

async fn verify(auth: &Authenticator, text: &str) -> Result<String, Reason> {
    auth.verify::<&str>(text, &[], None)
        .await
        .map(|key| key.name.clone())
}

/// Runs one behaviour over each store.
macro_rules! over_each_store {
    ($($behaviour:ident)*) => {
        mod memory {
            $(#[tokio::test]
            async fn $behaviour() {
                let store = auth_api_key::store::MemoryStore::new();
                let auth = auth_api_key::Authenticator::builder().build(store).await.unwrap();
                super::$behaviour(auth).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                let Some(database) = super::Database::new().await else {
                    return;
                };
                let auth = auth_api_key::Authenticator::connect(&database.url()).await.unwrap();
                super::$behaviour(auth).await;
            })*
        }

        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                let file = super::File::new();
                let auth = auth_api_key::Authenticator::connect(&file.url()).await.unwrap();
                super::$behaviour(auth).await;
            })*
        }
    };
}

over_each_store! {
    created_key_is_found_with_all_that_was_said_of_it
    given_text_is_the_key
    same_name_twice_names_it
    same_text_twice_names_who_has_it
    unusable_input_is_named_and_nothing_is_stored
    rotation_never_lengthens_a_life
    change_of_nobody_is_an_error
    keys_are_listed_by_name
    many_keys_are_created_together_or_not_at_all
    updated_key_is_what_was_said_and_keeps_its_text
    update_takes_nobody_elses_name
    key_that_loses_its_expiry_works_again
    deleted_key_is_unknown_and_its_name_and_text_are_free
    archived_key_and_user_are_refused_until_they_are_taken_back
    group_admits_its_members_only
    deleted_group_admits_nobody
    neutralized_store_knows_no_text
    last_use_is_written_once_flushed
}

async fn created_key_is_found_with_all_that_was_said_of_it(auth: Authenticator) {
    let expiry = SystemTime::now() + Duration::from_secs(3600);
    let key = NewKey::new("webshop", "user-7")
        .prefix("shop")
        .groups(["shop", "erp", "shop"])
        .networks([
            "10.0.0.0/8".parse().unwrap(),
            "2001:db8::/32".parse().unwrap(),
        ])
        .expires_at(expiry);
    let created = auth.keys().create(key).await.unwrap();
    let text = created.secret.expose();
    assert_eq!(
        auth.keys().get("webshop").await.unwrap().unwrap(),
        created.record
    );
    let address = Some("10.1.2.3".parse().unwrap());
    let found = auth.verify(text, &["erp"], address).await.unwrap();
    assert_eq!(*found, created.record);

    assert_eq!(
        (found.name.as_str(), found.user.as_str()),
        ("webshop", "user-7")
    );
    assert_eq!(found.groups, ["erp", "shop"]);
    assert_eq!(found.networks.len(), 2);
    assert!((found.active, found.user_active) == (true, true));
    let lost = expiry.duration_since(found.expires_at.unwrap()).unwrap();
    assert!(
        lost < Duration::from_millis(1),
        "stores keep milliseconds, and lost {lost:?}"
    );
    assert_eq!(found.hint, format!("shop_…{}", &text[text.len() - 4..]));
}

async fn given_text_is_the_key(auth: Authenticator) {
    for (name, text) in [
        ("typed", "dup-key"),
        ("blank", "with a blank"),
        ("umlaut", "schlüssel"),
    ] {
        let created = auth
            .keys()
            .create(NewKey::new(name, "user").text(text))
            .await
            .unwrap();
        assert_eq!(
            (created.secret.expose(), created.record.hint.as_str()),
            (text, "")
        );
        assert_eq!(verify(&auth, text).await.unwrap(), name);
    }
}

async fn same_name_twice_names_it(auth: Authenticator) {
    let first = auth
        .keys()
        .create(NewKey::new("webshop", "user"))
        .await
        .unwrap();
    let error = auth
        .keys()
        .create(NewKey::new("webshop", "other"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NameTaken { name }) if name == "webshop"),
        "{error}"
    );
    assert_eq!(
        verify(&auth, first.secret.expose()).await.unwrap(),
        "webshop"
    );
    assert_eq!(
        listed(&auth, &KeyFilter::new()).await[0].user,
        first.record.user
    );
}

async fn same_text_twice_names_who_has_it(auth: Authenticator) {
    auth.keys()
        .create(NewKey::new("first", "user").text("dup-key"))
        .await
        .unwrap();
    let error = auth
        .keys()
        .create(NewKey::new("second", "user").text("dup-key"))
        .await
        .unwrap_err();
    let named = |name: &str, holder: &str| name == "second" && holder == "first";
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { name, holder }) if named(name, holder)),
        "{error}"
    );
    assert!(!error.to_string().contains("dup-key"));
    assert!(auth.keys().get("second").await.unwrap().is_none());
}

async fn unusable_input_is_named_and_nothing_is_stored(auth: Authenticator) {
    let key = || NewKey::new("webshop", "user");
    let far = SystemTime::now() + Duration::from_secs(1_000_000_000_000);
    for (key, named) in [
        (NewKey::new("", "user"), "cannot be named"),
        (NewKey::new(" ", "user"), "cannot be named"),
        (
            NewKey::new("webshop", ""),
            "\"webshop\" has a user that is empty",
        ),
        (key().text(""), "\"webshop\" has an empty text"),
        (key().text(" x"), "\"webshop\" begins or ends with a blank"),
        (
            key().text("a\u{1}b"),
            "\"webshop\" holds a control character",
        ),
        (
            key().groups(["shop", ""]),
            "\"webshop\" names a group whose code is empty",
        ),
        (
            key().prefix("no blanks"),
            "\"no blanks\" cannot be a key's prefix",
        ),
        (key().expires_at(far), "is out of range"),
        (
            key().expires_at(SystemTime::UNIX_EPOCH - Duration::from_secs(1)),
            "is out of range",
        ),
    ] {
        let error = auth.keys().create(key).await.unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
    assert_eq!(listed(&auth, &KeyFilter::new()).await, []);
}

async fn rotation_never_lengthens_a_life(auth: Authenticator) {
    let created = auth
        .keys()
        .create(NewKey::new("a", "user").prefix("shop"))
        .await
        .unwrap();
    let old = created.secret.expose();
    let rotated = auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    assert!(rotated.secret.expose().starts_with("shop_"));
    assert_eq!(rotated.record.id, created.record.id);
    assert_eq!(verify(&auth, old).await, Err(Reason::UnknownKey));
    // Another rotation with an overlap must not bring the first text back.
    auth.keys()
        .rotate("a", Duration::from_secs(3600))
        .await
        .unwrap();
    assert_eq!(verify(&auth, old).await, Err(Reason::UnknownKey));
    assert_eq!(verify(&auth, rotated.secret.expose()).await.unwrap(), "a");

    let past = SystemTime::now() - Duration::from_secs(1);
    auth.keys()
        .create(NewKey::new("expired", "user").expires_at(past))
        .await
        .unwrap();
    let rotated = auth
        .keys()
        .rotate("expired", Duration::from_secs(3600))
        .await
        .unwrap();
    assert_eq!(
        verify(&auth, rotated.secret.expose()).await,
        Err(Reason::ExpiredKey)
    );
}

async fn change_of_nobody_is_an_error(auth: Authenticator) {
    let no_key = |error: Error| assert_eq!(error.to_string(), "there is no key named \"x\"");
    no_key(auth.keys().archive("x").await.unwrap_err());
    no_key(auth.keys().unarchive("x").await.unwrap_err());
    no_key(auth.keys().rotate("x", Duration::ZERO).await.unwrap_err());
    for error in [
        auth.users().archive("x").await,
        auth.users().unarchive("x").await,
    ] {
        assert_eq!(
            error.unwrap_err().to_string(),
            "no key belongs to a user \"x\""
        );
    }
    assert!(auth.keys().get("x").await.unwrap().is_none());
}

async fn keys_are_listed_by_name(auth: Authenticator) {
    for name in ["b", "c", "a"] {
        auth.keys().create(NewKey::new(name, "user")).await.unwrap();
    }
    auth.keys().archive("b").await.unwrap();
    auth.keys()
        .rotate("c", Duration::from_secs(60))
        .await
        .unwrap();
    let keys = listed(&auth, &KeyFilter::new()).await;
    let listed: Vec<_> = keys
        .iter()
        .map(|key| (key.name.as_str(), key.active))
        .collect();
    assert_eq!(listed, [("a", true), ("b", false), ("c", true)]);
}

async fn many_keys_are_created_together_or_not_at_all(auth: Authenticator) {
    let many = |suffix: &'static str| {
        (0..2500).map(move |n| {
            NewKey::new(format!("{n}{suffix}"), format!("user-{}", n % 7))
                .text(format!("text-{n}{suffix}"))
                .groups([format!("group-{}", n % 3)])
        })
    };
    let created = auth.keys().create_all(many("a")).await.unwrap();
    assert_eq!(created.len(), 2500);
    assert_eq!(created[2499].record.name, "2499a");
    assert_eq!(verify(&auth, "text-2499a").await.unwrap(), "2499a");
    let found = auth.verify("text-1201a", &["group-1"], None).await.unwrap();
    assert_eq!(
        (found.id, found.user.as_str()),
        (created[1201].record.id, "user-4")
    );

    let taken = NewKey::new("last", "user").text("text-7a");
    let error = auth
        .keys()
        .create_all(many("b").chain([taken]))
        .await
        .unwrap_err();
    let named = |name: &str, holder: &str| name == "last" && holder == "7a";
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { name, holder }) if named(name, holder)),
        "{error}"
    );
    let twice = [NewKey::new("twice", "user"), NewKey::new("twice", "user")];
    let error = auth.keys().create_all(twice).await.unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NameTaken { name }) if name == "twice"),
        "{error}"
    );
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 2500);
    assert_eq!(verify(&auth, "text-7b").await, Err(Reason::UnknownKey));
}

async fn updated_key_is_what_was_said_and_keeps_its_text(auth: Authenticator) {
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    let text = created.secret.expose();
    assert_eq!(verify(&auth, text).await.unwrap(), "a");
    let metadata = serde_json::json!({"contact": "shop@example.com", "tier": 3});
    let update = KeyUpdate::new()
        .name("b")
        .technical_name(Some("b_tech"))
        .networks(["10.0.0.0/8".parse().unwrap()])
        .metadata(metadata.as_object().unwrap().clone());
    let updated = auth.keys().update("a", update).await.unwrap();
    assert_eq!(updated.id, created.record.id);
    assert_eq!(updated.technical_name.as_deref(), Some("b_tech"));
    assert_eq!(updated.metadata["tier"], 3);

    assert_eq!(verify(&auth, text).await, Err(Reason::UnknownNetwork));
    let inside = Some("10.1.2.3".parse().unwrap());
    let found = auth.verify::<&str>(text, &[], inside).await.unwrap();
    assert_eq!(
        (found.name.as_str(), &found.metadata),
        ("b", &updated.metadata)
    );
    let nothing: [IpNet; 0] = [];
    let update = KeyUpdate::new()
        .networks(nothing)
        .technical_name(None::<String>);
    let updated = auth.keys().update("b", update).await.unwrap();
    assert_eq!(updated.technical_name, None);
    assert_eq!(verify(&auth, text).await.unwrap(), "b");
    assert!(auth.keys().get("a").await.unwrap().is_none());
}

async fn update_takes_nobody_elses_name(auth: Authenticator) {
    auth.keys()
        .create(NewKey::new("a", "user").technical_name("tech"))
        .await
        .unwrap();
    auth.keys().create(NewKey::new("b", "user")).await.unwrap();
    let error = auth
        .keys()
        .update("b", KeyUpdate::new().name("a"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NameTaken { name }) if name == "a"),
        "{error}"
    );
    let update = KeyUpdate::new().technical_name(Some("tech"));
    for error in [
        auth.keys().update("b", update).await.unwrap_err(),
        auth.keys()
            .create(NewKey::new("c", "user").technical_name("tech"))
            .await
            .unwrap_err(),
    ] {
        let tech = |name: &str| name == "tech";
        assert!(
            matches!(&error, Error::State(StateError::TechnicalNameTaken { technical_name, .. }) if tech(technical_name)),
            "{error}"
        );
    }
    let error = auth.keys().update("x", KeyUpdate::new()).await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchKey { .. })),
        "{error}"
    );
    auth.keys()
        .update("a", KeyUpdate::new().name("a"))
        .await
        .unwrap();
}

async fn key_that_loses_its_expiry_works_again(auth: Authenticator) {
    let past = SystemTime::now() - Duration::from_secs(1);
    let created = auth
        .keys()
        .create(NewKey::new("a", "user").expires_at(past))
        .await
        .unwrap();
    let text = created.secret.expose();
    assert_eq!(verify(&auth, text).await, Err(Reason::ExpiredKey));
    auth.keys()
        .update("a", KeyUpdate::new().expires_at(None))
        .await
        .unwrap();
    assert_eq!(verify(&auth, text).await.unwrap(), "a");
    auth.keys()
        .update("a", KeyUpdate::new().expires_at(Some(past)))
        .await
        .unwrap();
    assert_eq!(verify(&auth, text).await, Err(Reason::ExpiredKey));
}

async fn deleted_key_is_unknown_and_its_name_and_text_are_free(auth: Authenticator) {
    let key = || NewKey::new("a", "user").text("swordfish").groups(["shop"]);
    let first = auth.keys().create(key()).await.unwrap();
    assert_eq!(verify(&auth, "swordfish").await.unwrap(), "a");
    assert_eq!(auth.keys().delete("a").await.unwrap().id, first.record.id);
    assert_eq!(verify(&auth, "swordfish").await, Err(Reason::UnknownKey));
    let second = auth.keys().create(key()).await.unwrap();
    assert!(second.record.id > first.record.id);
    assert_eq!(verify(&auth, "swordfish").await.unwrap(), "a");
    auth.keys().delete("a").await.unwrap();
    let error = auth.keys().delete("a").await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchKey { .. })),
        "{error}"
    );
}

async fn archived_key_and_user_are_refused_until_they_are_taken_back(auth: Authenticator) {
    for name in ["a", "b"] {
        auth.keys()
            .create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
    }
    assert_eq!(verify(&auth, "a").await.unwrap(), "a");
    assert!(!auth.keys().archive("a").await.unwrap().active);
    assert_eq!(verify(&auth, "a").await, Err(Reason::ArchivedKey));
    assert!(auth.keys().unarchive("a").await.unwrap().active);
    assert_eq!(verify(&auth, "a").await.unwrap(), "a");

    let keys = auth.users().archive("user").await.unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| !key.user_active));
    assert_eq!(verify(&auth, "a").await, Err(Reason::ArchivedUser));
    let created = auth
        .keys()
        .create(NewKey::new("c", "user").text("c"))
        .await
        .unwrap();
    assert!(!created.record.user_active);
    assert_eq!(verify(&auth, "c").await, Err(Reason::ArchivedUser));
    auth.users().unarchive("user").await.unwrap();
    assert_eq!(verify(&auth, "c").await.unwrap(), "c");
}

async fn group_admits_its_members_only(auth: Authenticator) {
    for name in ["a", "b"] {
        auth.keys()
            .create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
    }
    let error = auth.groups().add("shop", "a").await.unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::NoSuchGroup { code }) if code == "shop"),
        "{error}"
    );
    auth.groups().put("shop", "Shops").await.unwrap();
    let shop = async |text| auth.verify(text, &["shop"], None).await.map(|key| key.id);
    assert_eq!(shop("a").await, Err(Reason::ForbiddenGroup));
    let member = auth.groups().add("shop", "a").await.unwrap();
    assert_eq!(member.groups, ["shop"]);
    auth.groups().add("shop", "a").await.unwrap();
    assert_eq!(shop("a").await, Ok(member.id));
    assert_eq!(shop("b").await, Err(Reason::ForbiddenGroup));

    auth.groups().put("shop", "All shops").await.unwrap();
    auth.groups().put("empty", "").await.unwrap();
    let groups = auth.groups().list(&Paging::new()).await.unwrap().items;
    assert_eq!(
        groups,
        [
            Group::new("empty", "", 0),
            Group::new("shop", "All shops", 1)
        ]
    );
    assert!(
        auth.groups()
            .remove("shop", "a")
            .await
            .unwrap()
            .groups
            .is_empty()
    );
    assert_eq!(shop("a").await, Err(Reason::ForbiddenGroup));
    let error = auth.groups().add("shop", "x").await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchKey { .. })),
        "{error}"
    );
    let error = auth.groups().put(" ", "").await.unwrap_err();
    assert!(
        matches!(error, Error::Input(InputError::UnusableCode { .. })),
        "{error}"
    );
}

async fn deleted_group_admits_nobody(auth: Authenticator) {
    let created = auth
        .keys()
        .create(NewKey::new("a", "user").text("a").groups(["shop", "erp"]))
        .await
        .unwrap();
    auth.verify("a", &["shop"], None).await.unwrap();
    assert_eq!(
        auth.groups().delete("shop").await.unwrap()[0].id,
        created.record.id
    );
    let refused = auth.verify("a", &["shop"], None).await.unwrap_err();
    assert_eq!(refused, Reason::ForbiddenGroup);
    auth.verify("a", &["erp"], None).await.unwrap();
    let error = auth.groups().delete("shop").await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoSuchGroup { .. })),
        "{error}"
    );
}

async fn neutralized_store_knows_no_text(auth: Authenticator) {
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    assert_eq!(verify(&auth, created.secret.expose()).await.unwrap(), "a");
    auth.maintenance().neutralize().await.unwrap();
    assert_eq!(
        verify(&auth, created.secret.expose()).await,
        Err(Reason::UnknownKey)
    );
    let key = auth.keys().get("a").await.unwrap().unwrap();
    assert_eq!((key.active, key.hint.as_str()), (false, ""));
}

async fn last_use_is_written_once_flushed(auth: Authenticator) {
    for name in ["used", "refused", "deleted"] {
        auth.keys()
            .create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
    }
    let before = SystemTime::now() - Duration::from_millis(1);
    verify(&auth, "used").await.unwrap();
    verify(&auth, "deleted").await.unwrap();
    auth.verify("refused", &["shop"], None).await.unwrap_err();
    auth.keys().delete("deleted").await.unwrap();
    auth.flush().await;
    let used = async |name| auth.keys().get(name).await.unwrap().unwrap().last_used_at;
    let first = used("used").await.unwrap();
    assert!(first > before && first <= SystemTime::now(), "{first:?}");
    assert_eq!(used("refused").await, None);
    // Within a minute it is not written again, even if it has to be looked up again.
    auth.keys().archive("used").await.unwrap();
    auth.keys().unarchive("used").await.unwrap();
    verify(&auth, "used").await.unwrap();
    auth.flush().await;
    assert_eq!(used("used").await, Some(first));
}

#[tokio::test]
async fn keys_are_there_after_a_restart() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    drop(auth);
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    assert_eq!(verify(&auth, created.secret.expose()).await.unwrap(), "a");
}

#[tokio::test]
async fn file_is_in_wal_mode_with_foreign_keys_on() {
    let file = File::new();
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
    let file = File::new();
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
    let file = File::new();
    let url = file.url();
    let opening = (0..8).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { SqliteStore::open(&url).await })
    });
    for opened in futures_util::future::join_all(opening).await {
        opened.unwrap().unwrap();
    }
}

#[tokio::test]
async fn unusable_addresses_say_what_to_write() {
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
async fn node_with_another_pepper_does_not_start() {
    let file = File::new();
    let url = file.url();
    let with = |version, pepper: &str| {
        Authenticator::builder()
            .pepper(version, pepper)
            .connect(&url)
    };
    let first = with(1, "first pepper 0123456789").await.unwrap();
    let old = first
        .keys()
        .create(NewKey::new("old", "user"))
        .await
        .unwrap();

    let error = with(1, "other pepper 0123456789").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::WrongPepper { version: 1 })
        ),
        "{error}"
    );
    let error = with(2, "second pepper 0123456789").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::MissingPepper { version: 1 })
        ),
        "{error}"
    );
    let error = Authenticator::connect(&file.url()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::MissingPepper { version: 1 })
        ),
        "{error}"
    );

    let both = Authenticator::builder()
        .pepper(1, "first pepper 0123456789")
        .pepper(2, "second pepper 0123456789");
    let both = both.connect(&file.url()).await.unwrap();
    let new = both
        .keys()
        .create(NewKey::new("new", "user"))
        .await
        .unwrap();
    assert_eq!(verify(&both, old.secret.expose()).await.unwrap(), "old");
    assert_eq!(verify(&both, new.secret.expose()).await.unwrap(), "new");
    let error = with(1, "first pepper 0123456789").await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::MissingPepper { version: 2 })
        ),
        "{error}"
    );
}

#[tokio::test]
async fn node_that_is_refused_leaves_nothing_behind() {
    let file = File::new();
    let url = file.url();
    let peppers = |first: &str, second: &str| {
        let builder = Authenticator::builder().pepper(1, first).pepper(2, second);
        builder.connect(&url)
    };
    let first = Authenticator::builder().pepper(1, "first pepper 0123456789");
    drop(first.connect(&url).await.unwrap());
    let error = peppers("mistyped pepper 0123456789", "also mistyped 0123456789")
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Pepper(PepperError::WrongPepper { version: 1 })
        ),
        "{error}"
    );
    peppers("first pepper 0123456789", "second pepper 0123456789")
        .await
        .unwrap();
}

#[tokio::test]
async fn pepper_is_not_needed_when_every_key_was_rotated_away_from_it() {
    let file = File::new();
    let url = file.url();
    let with = |versions: &[u32]| {
        let builder = Authenticator::builder();
        let pepper = |builder: auth_api_key::Builder, version: &u32| {
            builder.pepper(*version, format!("pepper {version} of 0123456789"))
        };
        versions.iter().fold(builder, pepper).connect(&url)
    };
    let auth = with(&[1]).await.unwrap();
    auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    let auth = with(&[1, 2]).await.unwrap();
    let rotated = auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    let auth = with(&[2]).await.unwrap();
    assert_eq!(verify(&auth, rotated.secret.expose()).await.unwrap(), "a");
}

#[tokio::test]
async fn text_stored_under_an_older_pepper_is_taken() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    auth.keys()
        .create(NewKey::new("first", "user").text("swordfish"))
        .await
        .unwrap();
    let builder = Authenticator::builder().pepper(1, "a pepper of 0123456789");
    let auth = builder.connect(&file.url()).await.unwrap();
    let error = auth
        .keys()
        .create(NewKey::new("second", "user").text("swordfish"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { holder, .. }) if holder == "first"),
        "{error}"
    );
}

#[tokio::test]
async fn mode_of_the_address_says_whether_a_file_is_made() {
    let file = File::new();
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

/// The modes of a file and of those that SQLite has made beside it.
#[cfg(unix)]
fn modes(path: &std::path::Path) -> Vec<u32> {
    use std::os::unix::fs::PermissionsExt;
    let beside = ["", "-wal", "-shm"].map(|ending| format!("{}{ending}", path.display()));
    let modes = beside.map(|file| std::fs::metadata(file).unwrap().permissions().mode() & 0o777);
    modes.to_vec()
}

#[cfg(unix)]
#[tokio::test]
async fn file_that_is_made_is_its_owners_alone_however_it_is_named() {
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
        // Which SQLite would read as a parameter.
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
async fn file_that_others_can_read_is_reported_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    for mode in [0o644, 0o640, 0o604, 0o620, 0o600] {
        let file = File::new();
        let path = file.0.path().canonicalize().unwrap().join("keys.db");
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
async fn companion_that_others_can_read_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let file = File::new();
    let first = Authenticator::connect(&file.url()).await.unwrap();
    let wal = file.0.path().canonicalize().unwrap().join("keys.db-wal");
    std::fs::set_permissions(&wal, PermissionsExt::from_mode(0o644)).unwrap();
    let (log, second) = Log::of(Authenticator::connect(&file.url())).await;
    second.unwrap();
    let said = format!("run `chmod 600 '{}'`", wal.display());
    assert!(log.contains(&said), "{log}");
    drop(first);
}

#[tokio::test]
async fn imported_key_with_a_foreign_prefix_is_rotated_to_a_usable_one() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    // As issued elsewhere: a prefix of more than 16 characters, and the right checksum.
    let text = "a_rather_long_prefix_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123454Vpog5";
    assert!(auth_api_key::key::has_valid_checksum(text));
    auth.keys()
        .create(NewKey::new("a", "user").text(text))
        .await
        .unwrap();
    let rotated = auth.keys().rotate("a", Duration::ZERO).await.unwrap();
    assert_eq!(verify(&auth, rotated.secret.expose()).await.unwrap(), "a");
}

#[tokio::test]
async fn keys_from_before_the_pepper_keep_working() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let old = auth
        .keys()
        .create(NewKey::new("old", "user"))
        .await
        .unwrap();
    let builder = Authenticator::builder().pepper(1, "a pepper of 0123456789");
    let auth = builder.connect(&file.url()).await.unwrap();
    assert_eq!(verify(&auth, old.secret.expose()).await.unwrap(), "old");
    let new = auth.keys().rotate("old", Duration::ZERO).await.unwrap();
    assert_eq!(verify(&auth, new.secret.expose()).await.unwrap(), "old");
}

#[tokio::test]
async fn every_change_of_what_a_decision_reads_moves_the_generation() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    auth.keys()
        .create(NewKey::new("a", "user").groups(["shop"]))
        .await
        .unwrap();
    let mut before = file.generation().await;
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
        let after = file.generation().await;
        assert!(after > before, "{change}");
        before = after;
    }
}

#[tokio::test]
async fn key_without_a_digest_is_listed_and_matches_nothing() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    file.execute("DELETE FROM api_key_secret").await;
    assert_eq!(
        verify(&auth, created.secret.expose()).await,
        Err(Reason::UnknownKey)
    );
    assert_eq!(auth.keys().get("a").await.unwrap().unwrap().hint, "");
}

#[tokio::test]
async fn broken_row_is_a_fault_and_not_a_wrong_key() {
    let file = File::new();
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    file.execute("UPDATE api_key SET networks = '[\"nonsense\"]'")
        .await;
    assert_eq!(
        verify(&auth, created.secret.expose()).await,
        Err(Reason::Unavailable)
    );
}

#[tokio::test]
async fn postgres_nodes_that_start_together_make_the_tables_once() {
    let Some(database) = Database::new().await else {
        return;
    };
    let opening = (0..8).map(|_| {
        let url = database.url();
        tokio::spawn(async move { PostgresStore::open(&url).await })
    });
    for opened in futures_util::future::join_all(opening).await {
        opened.unwrap().unwrap();
    }
    database
        .execute(
            "INSERT INTO _auth_api_key_migrations
             SELECT 99, 'from the future', installed_on, success, checksum, execution_time
             FROM _auth_api_key_migrations WHERE version = 1",
        )
        .await;
    let error = Authenticator::connect(&database.url()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Open(OpenError::NewerDatabase { found: 99, .. })
        ),
        "{error}"
    );
}

#[tokio::test]
async fn postgres_that_is_not_there_is_named_without_its_password() {
    for url in [
        "postgres://user:hunter2@127.0.0.1:1/keys",
        "postgresql://user:hunter2@127.0.0.1:1/keys",
    ] {
        let error = Authenticator::connect(url).await.unwrap_err();
        assert!(
            matches!(error, Error::Open(OpenError::Unopened { .. })),
            "{error}"
        );
        let error = error.to_string();
        assert!(
            error.starts_with("cannot open the database \"127.0.0.1:1/keys\""),
            "{error}"
        );
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn changes_at_the_same_time_take_turns() {
    let Some(database) = Database::new().await else {
        return;
    };
    let here = Authenticator::connect(&database.url()).await.unwrap();
    let there = Authenticator::connect(&database.url()).await.unwrap();
    let keys = (0..40).map(|n| NewKey::new(n.to_string(), format!("user-{}", n % 2)));
    here.keys().create_all(keys).await.unwrap();
    let change = |node: &Authenticator, n: usize| {
        let (node, name) = (node.clone(), n.to_string());
        tokio::spawn(async move {
            node.keys().archive(&name).await?;
            node.keys().rotate(&name, Duration::from_secs(60)).await?;
            node.users().archive(&format!("user-{}", n % 2)).await?;
            node.keys().delete(&name).await
        })
    };
    let changing = (0..40).map(|n| change([&here, &there][n / 20], n));
    for changed in futures_util::future::join_all(changing).await {
        changed.unwrap().unwrap();
    }
    assert_eq!(listed(&here, &KeyFilter::new()).await, []);
}

#[tokio::test]
async fn thousands_of_keys_are_listed_before_postgres_has_counted_them() {
    let Some(database) = Database::new().await else {
        return;
    };
    let auth = Authenticator::connect(&database.url()).await.unwrap();
    let keys = (0..5000).map(|at| NewKey::new(format!("key-{at}"), "user").groups(["shop"]));
    auth.keys().create_all(keys).await.unwrap();
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 5000);
}
