//! Keys that Odoo keeps: what is found of them, how soon a change in Odoo holds, and what happens
//! when its database cannot be asked. And answers as Odoo gives them.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    ApiKey, Authenticator, Error, NewKey, Reason,
    authenticator::ArchivedUsers,
    error::{OpenError, StateError},
    key::{Group, KeyFilter, KeyRecord, Paging, User},
    odoo::OdooStore,
    rejection::AnswerStyle,
    route, routes,
    store::{Changed, EnvironmentKeys, KeyStore, Lookup, MemoryStore, News},
};
use axum::Router;
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;
use tests::{
    Answer, GatedStore, Log, Server, Wire,
    example::cargo_run,
    listed,
    postgres::{Database, Mortal, Standby},
};

const ODOO_16: &str = include_str!("../../odoo/16.sql");
const ODOO_16_SERVER_ENV: &str = include_str!("../../odoo/16_server_env.sql");
const ODOO_18: &str = include_str!("../../odoo/18.sql");

const GOOD: &str = "good-key-0123456789abcdef";

/// The database of an Odoo; none where there is no PostgreSQL.
async fn odoo(tables: &str) -> Option<Database> {
    let database = Database::new().await?;
    database.execute(tables).await;
    Some(database)
}

/// Verifies against a database, with the keys of archived users admitted as in Odoo.
async fn as_odoo(database: &Database) -> Authenticator {
    let builder = Authenticator::builder().archived_users(ArchivedUsers::Ignore);
    let store = OdooStore::open(&database.url()).await.unwrap();
    builder.build(store).await.unwrap()
}

async fn verify(auth: &Authenticator, text: &str) -> Result<ApiKey, Reason> {
    auth.verify::<&str>(text, &[], None).await
}

async fn name(auth: &Authenticator, text: &str) -> Result<String, Reason> {
    verify(auth, text).await.map(|key| key.name.clone())
}

/// Waits until a decision is as expected, for ten seconds at most.
async fn until<T: PartialEq + std::fmt::Debug>(
    mut decide: impl AsyncFnMut() -> T,
    expected: T,
    after: &str,
) {
    let decided = async {
        while decide().await != expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), decided)
        .await
        .unwrap_or_else(|_| panic!("not yet {expected:?} after {after}"));
}

async fn listed_groups(auth: &Authenticator) -> Vec<Group> {
    auth.groups().list(&Paging::new()).await.unwrap().items
}

#[tokio::test]
async fn keys_are_found_as_odoo_finds_them() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    let long = "L".repeat(8000);
    for (text, found) in [
        (GOOD, Ok(1)),
        ("admin-key-XYZ", Ok(2)),
        ("portal-key", Ok(3)),
        ("archived-user-key", Ok(4)),
        ("dup-key", Ok(5)),
        ("key with inner space", Ok(7)),
        ("key with  inner space", Err(Reason::UnknownKey)),
        ("  lead-trail  ", Err(Reason::UnknownKey)),
        ("lead-trail", Err(Reason::UnknownKey)),
        (&long, Ok(9)),
        (&long[1..], Err(Reason::UnknownKey)),
        ("su-key", Ok(11)),
        ("clé-ключ", Err(Reason::UnknownKey)),
        ("", Err(Reason::MissingKey)),
        ("after-unicode-key", Ok(22)),
        ("nl-key\n", Err(Reason::UnknownKey)),
        ("nl-key", Err(Reason::UnknownKey)),
        ("Good-key-0123456789abcdef", Err(Reason::UnknownKey)),
        ("good", Err(Reason::UnknownKey)),
    ] {
        let decided = verify(&auth, text).await.map(|key| key.id);
        assert_eq!(decided, found, "{text:?}");
    }
}

#[tokio::test]
async fn record_tells_what_odoo_knows() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    let key = verify(&auth, GOOD).await.unwrap();
    let mut expected = KeyRecord::new(1, "good", "6");
    expected.groups = vec!["g1".to_owned()];
    // 2026-11-22 22:43:20.586537 UTC; stores keep milliseconds.
    expected.created_at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_387_400_587);
    assert_eq!(*key, expected);
    assert!(!verify(&auth, "su-key").await.unwrap().user_active);

    assert_eq!(auth.keys().get("good").await.unwrap().unwrap(), expected);
    assert_eq!(auth.keys().get("nobody").await.unwrap(), None);
    let names = listed(&auth, &KeyFilter::new().size(3)).await;
    let names: Vec<String> = names.into_iter().map(|key| key.name).collect();
    assert!(names.is_sorted() && names.len() == 14, "{names:?}");
    let groups = [
        Group::new("g1", "Group 1", 1),
        Group::new("g2", "Nobody", 0),
    ];
    assert_eq!(listed_groups(&auth).await, groups);
    let members = listed(&auth, &KeyFilter::new().group("g1")).await;
    assert_eq!(members, [expected]);
    let users = auth.users().list(&Paging::new().size(1)).await.unwrap();
    assert_eq!(users.items[0].id, "1");
    let users = auth
        .users()
        .list(&Paging::new().after(users.next))
        .await
        .unwrap();
    let six = User::new("6", true, 9);
    assert!(users.items.contains(&six), "{users:?}");
    let refused = auth.verify("portal-key", &["g1"], None).await.unwrap_err();
    assert_eq!(refused, Reason::ForbiddenGroup);
    auth.verify(GOOD, &["g1"], None).await.unwrap();
}

#[tokio::test]
async fn nothing_can_be_changed_from_here() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    let created = auth.keys().create(NewKey::new("new", "6")).await;
    assert!(
        matches!(created, Err(Error::State(StateError::ReadOnly))),
        "{created:?}"
    );
    assert!(matches!(
        auth.keys().archive("good").await,
        Err(Error::State(StateError::ReadOnly))
    ));
    verify(&auth, GOOD).await.unwrap();
    auth.flush().await;
}

#[tokio::test]
async fn user_who_may_read_the_named_columns_and_no_more_is_enough() {
    for (tables, grants) in [
        (
            ODOO_16,
            "GRANT SELECT ON auth_api_key, auth_api_key_group, auth_api_key_group_rel TO reader;
             GRANT SELECT (id, active, company_id) ON res_users TO reader",
        ),
        (
            ODOO_18,
            "GRANT SELECT ON auth_api_key TO reader;
             GRANT SELECT (id, active, company_id) ON res_users TO reader;
             GRANT SELECT (id, archived_user_disable_auth_api_key) ON res_company TO reader",
        ),
    ] {
        let Some(database) = odoo(tables).await else {
            return;
        };
        let role = "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'of-the-reader';
                    EXCEPTION WHEN duplicate_object THEN END $$";
        database.execute(role).await;
        let (_, server) = database
            .url()
            .split_once('@')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let url = format!("postgres://reader:of-the-reader@{server}");
        let refused = OdooStore::open(&url).await.unwrap_err();
        let refused = std::error::Error::source(&refused).unwrap().to_string();
        assert!(
            refused.contains("permission denied for table") && refused.contains("GRANT"),
            "{refused}"
        );
        database.execute(grants).await;
        let store = OdooStore::open(&url).await.unwrap();
        assert!(!format!("{store:?}").contains("of-the-reader"), "{store:?}");
        let auth = Authenticator::builder().build(store).await.unwrap();
        assert_eq!(name(&auth, GOOD).await.unwrap(), "good");
        listed_groups(&auth).await;
    }
}

#[tokio::test]
async fn key_of_an_archived_user_is_refused_unless_told_to_do_as_odoo() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let store = OdooStore::open(&database.url()).await.unwrap();
    let strict = Authenticator::builder().build(store).await.unwrap();
    let refused = verify(&strict, "archived-user-key").await.unwrap_err();
    assert_eq!(refused, Reason::ArchivedUser);
    verify(&strict, GOOD).await.unwrap();
    verify(&as_odoo(&database).await, "archived-user-key")
        .await
        .unwrap();
}

#[tokio::test]
async fn peppers_are_for_other_stores() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let store = OdooStore::open(&database.url()).await.unwrap();
    let builder = Authenticator::builder().pepper(1, "cayenne-0123456789");
    let auth = builder.build(store).await.unwrap();
    assert_eq!(name(&auth, GOOD).await.unwrap(), "good");
}

#[tokio::test]
async fn change_in_odoo_holds_here() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    for (change, text, expected) in [
        (
            "UPDATE auth_api_key SET key = 'new-key', write_date = now() WHERE id = 1",
            GOOD,
            Err(Reason::UnknownKey),
        ),
        ("SELECT", "new-key", Ok((1, "6"))),
        (
            "UPDATE auth_api_key SET user_id = 7 WHERE id = 1",
            "new-key",
            Ok((1, "7")),
        ),
        // By hand, and as a restored backup does it.
        (
            "SET session_replication_role = replica;
             UPDATE auth_api_key SET key = 'sql-key' WHERE id = 1",
            "sql-key",
            Ok((1, "7")),
        ),
        (
            "BEGIN; DELETE FROM auth_api_key WHERE id = 3;
             INSERT INTO auth_api_key (id, user_id, name, key) VALUES (3, 6, 'portal', 'other');
             COMMIT",
            "portal-key",
            Err(Reason::UnknownKey),
        ),
        (
            "DELETE FROM auth_api_key WHERE id = 5",
            "dup-key",
            Ok((6, "7")),
        ),
        (
            "INSERT INTO auth_api_key (id, user_id, name, key) VALUES (4000, 6, 'n', 'created')",
            "created",
            Ok((4000, "6")),
        ),
        // A record with a lower id takes a text over.
        (
            "UPDATE auth_api_key SET key = 'created' WHERE id = 2",
            "created",
            Ok((2, "2")),
        ),
        (
            "TRUNCATE auth_api_key CASCADE",
            "created",
            Err(Reason::UnknownKey),
        ),
    ] {
        // So that there is something to forget.
        let _ = verify(&auth, text).await;
        database.execute(change).await;
        let expected = expected.map(|(id, user)| (id, user.to_owned()));
        let decide = async || {
            verify(&auth, text)
                .await
                .map(|key| (key.id, key.user.clone()))
        };
        until(decide, expected, change).await;
    }
}

#[tokio::test]
async fn change_of_groups_and_users_in_odoo_holds_here() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let store = OdooStore::open(&database.url()).await.unwrap();
    let auth = Authenticator::builder().build(store).await.unwrap();
    let forbidden = Err(Reason::ForbiddenGroup);
    for (change, expected) in [
        (
            "DELETE FROM auth_api_key_group_rel WHERE key_id = 1",
            forbidden,
        ),
        (
            "INSERT INTO auth_api_key_group_rel (key_id, group_id) VALUES (1, 2)",
            Ok(1),
        ),
        (
            "UPDATE auth_api_key_group SET code = 'g3', write_date = now() WHERE id = 2",
            forbidden,
        ),
        (
            "UPDATE auth_api_key_group SET code = 'g1', write_date = now() WHERE id = 2",
            Ok(1),
        ),
        (
            "UPDATE res_users SET active = false, write_date = now() WHERE id = 6",
            Err(Reason::ArchivedUser),
        ),
        (
            "UPDATE res_users SET active = true, write_date = now() WHERE id = 6",
            Ok(1),
        ),
        ("DELETE FROM auth_api_key_group WHERE id = 2", forbidden),
        ("UPDATE auth_api_key_group_rel SET key_id = 1", forbidden),
        (
            "INSERT INTO auth_api_key_group_rel (key_id, group_id) VALUES (1, 1)",
            Ok(1),
        ),
        (
            "DROP TABLE auth_api_key_group_rel, auth_api_key_group",
            forbidden,
        ),
    ] {
        database.execute(change).await;
        let decide = async || auth.verify(GOOD, &["g1"], None).await.map(|key| key.id);
        until(decide, expected, change).await;
    }
}

#[tokio::test]
async fn archived_key_and_disabled_user_of_odoo_18_are_refused_at_once() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    let archived = Err(Reason::ArchivedKey);
    verify(&auth, GOOD).await.unwrap();
    for text in ["archived-key", "null-key"] {
        assert_eq!(verify(&auth, text).await.map(|_| ()), archived, "{text}");
    }
    assert_eq!(listed_groups(&auth).await, []);
    let decide = async || verify(&auth, "act-key").await.map(|_| ());
    for (change, expected) in [
        (
            "UPDATE auth_api_key SET active = false, write_date = now() WHERE id = 26",
            archived,
        ),
        (
            "UPDATE auth_api_key SET active = true, write_date = now() WHERE id = 26",
            Ok(()),
        ),
        // The company of another user says nothing of this one's keys.
        (
            "UPDATE res_company SET archived_user_disable_auth_api_key = true WHERE id = 2;
             UPDATE res_users SET active = false, write_date = now() WHERE id = 8",
            Ok(()),
        ),
        (
            "UPDATE res_company SET archived_user_disable_auth_api_key = true WHERE id = 1",
            archived,
        ),
        (
            "UPDATE res_company SET archived_user_disable_auth_api_key = false WHERE id = 1",
            Ok(()),
        ),
        ("UPDATE res_users SET company_id = 2 WHERE id = 8", archived),
        (
            "UPDATE res_users SET active = true, write_date = now() WHERE id = 8",
            Ok(()),
        ),
    ] {
        let before = decide().await;
        database.execute(change).await;
        if before == expected {
            // That a later change is seen tells that this one was.
            let later = "UPDATE auth_api_key SET key = 'later' WHERE id = 27";
            database.execute(later).await;
            until(async || verify(&auth, "later").await.is_ok(), true, later).await;
        }
        until(decide, expected, change).await;
    }
}

#[tokio::test]
async fn key_of_the_configuration_takes_the_place_of_the_databases() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let keys = EnvironmentKeys::new()
        .ini(
            "[api_key_server_env_key]\nkey = key-from-environment\n\
             [api_key_env_empty]\nkey =\n[api_key_nokey]\nkey = also-given\n",
        )
        .unwrap();
    let store = OdooStore::open(&database.url()).await.unwrap();
    let auth = Authenticator::builder().environment(keys);
    let auth = auth.build(store).await.unwrap();
    for (text, found) in [
        ("key-from-environment", Ok("Server Env Key")),
        ("db-key-1", Err(Reason::UnknownKey)),
        ("db-key-2", Ok("Plain Key")),
        ("db-key-3", Err(Reason::UnknownKey)),
        ("also-given", Ok("nokey")),
        ("x", Err(Reason::UnknownKey)),
        ("old-key", Err(Reason::UnknownKey)),
        ("bro", Err(Reason::UnknownKey)),
    ] {
        let found = found.map(str::to_owned);
        assert_eq!(name(&auth, text).await, found, "{text}");
    }
    let key = verify(&auth, "also-given").await.unwrap();
    assert_eq!(key.technical_name.as_deref(), Some("nokey"));

    let text = "key-from-environment";
    for (change, expected) in [
        (
            "UPDATE auth_api_key SET tech_name = 'renamed_tech' WHERE id = 1",
            Err(Reason::UnknownKey),
        ),
        (
            "UPDATE auth_api_key SET tech_name = 'server_env_key' WHERE id = 10",
            Ok("broken".to_owned()),
        ),
    ] {
        database.execute(change).await;
        until(async || name(&auth, text).await, expected, change).await;
    }
}

#[tokio::test]
async fn archived_record_hides_no_other_with_its_text() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    let again = "INSERT INTO auth_api_key (id, user_id, name, key, active)
                 VALUES (30, 6, 'again', 'archived-key', true)";
    database.execute(again).await;
    let live = as_odoo(&database).await;
    let store = Authenticator::builder().build(MemoryStore::new()).await;
    let imported = store.unwrap();
    import(&imported, &database).await;
    for auth in [live, imported] {
        assert_eq!(name(&auth, "archived-key").await.unwrap(), "again");
    }
}

#[tokio::test]
async fn odd_row_harms_no_other_key() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    let odd = "ALTER TABLE auth_api_key_group ALTER code DROP NOT NULL, ALTER name DROP NOT NULL;
               ALTER TABLE auth_api_key ALTER user_id DROP NOT NULL, ALTER name DROP NOT NULL;
               UPDATE auth_api_key_group SET code = NULL, name = NULL WHERE id = 1;
               UPDATE auth_api_key SET create_date = 'infinity' WHERE id = 2;
               UPDATE auth_api_key SET user_id = NULL, name = NULL WHERE id = 11;
               UPDATE auth_api_key SET key = 'changed' WHERE id = 3";
    database.execute(odd).await;
    let decide = async || name(&auth, "changed").await;
    until(decide, Ok("portal".to_owned()), "the odd rows").await;
    assert_eq!(name(&auth, "admin-key-XYZ").await.unwrap(), "admin key");
    assert_eq!(verify(&auth, "su-key").await.unwrap().user, "0");
    listed_groups(&as_odoo(&database).await).await;
}

#[tokio::test]
async fn watch_that_missed_a_state_tells_that_all_may_have_changed() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    let store = OdooStore::open(&database.url()).await.unwrap();
    let mut watch = store.watch(Duration::from_secs(60)).await.unwrap().unwrap();
    // Look-ups ask for themselves where the watch has not for a second.
    for active in [false, true] {
        let change = format!("UPDATE auth_api_key SET active = {active} WHERE id = 1");
        database.execute(&change).await;
        let seen = async || store.key("good").await.unwrap().unwrap().active;
        until(seen, active, &change).await;
    }
    assert_eq!(watch.next().await.unwrap(), News::Changed(Changed::All));
}

#[tokio::test]
async fn module_that_is_installed_later_is_heeded() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    verify(&auth, GOOD).await.unwrap();
    // From then on Odoo ignores the old column, and so does the store.
    database
        .execute(
            "ALTER TABLE auth_api_key ADD COLUMN tech_name character varying,
             ADD COLUMN server_env_defaults text",
        )
        .await;
    let decide = async || name(&auth, GOOD).await;
    until(decide, Err(Reason::UnknownKey), "the installation").await;
}

#[tokio::test]
async fn what_is_missing_is_named_with_the_module_that_makes_it() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let missing = async || {
        let opened = OdooStore::open(&database.url()).await;
        opened.unwrap_err().to_string()
    };
    for (change, what, module) in [
        (
            "ALTER TABLE auth_api_key_group_rel DROP COLUMN key_id",
            "auth_api_key_group_rel.key_id",
            "auth_api_key_group",
        ),
        (
            "DROP TABLE auth_api_key_group_rel",
            "auth_api_key_group_rel",
            "auth_api_key_group",
        ),
        (
            "DROP TABLE auth_api_key_group; ALTER TABLE auth_api_key DROP COLUMN key",
            "auth_api_key.key",
            "auth_api_key",
        ),
        ("DROP TABLE auth_api_key", "auth_api_key", "auth_api_key"),
    ] {
        database.execute(change).await;
        let error = missing().await;
        let expected =
            format!("the database has no `{what}`, which Odoo's module `{module}` makes");
        assert!(error.starts_with(&expected), "{error}");
    }
    let Some(without) = odoo(ODOO_16).await else {
        return;
    };
    let nowhere = OdooStore::open(&format!("{}x", without.url())).await;
    assert!(
        matches!(nowhere, Err(Error::Open(OpenError::Unopened { .. }))),
        "{nowhere:?}"
    );
    let file = OdooStore::open("sqlite:keys.db").await;
    assert!(
        matches!(&file, Err(Error::Open(OpenError::UnsupportedDatabase { scheme, .. })) if scheme == "sqlite"),
        "{file:?}"
    );
}

#[tokio::test]
async fn key_that_never_matches_is_reported_at_opening_without_its_text() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let (logged, auth) = Log::of(async {
        let auth = as_odoo(&database).await;
        verify(&auth, GOOD).await.unwrap();
        verify(&auth, "portal-key-2").await.unwrap_err();
        auth
    })
    .await;
    let warnings: Vec<&str> = logged
        .lines()
        .filter(|line| line.contains("WARN"))
        .collect();
    let expected = [
        (6, "dup_b", "is that of key 5, too"),
        (8, "leading space", "begins or ends with a blank"),
        (20, "unicode", "is not in ASCII"),
        (21, "empty", "is empty"),
        (23, "newline", "holds a control character"),
    ];
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
    for (warning, (id, name, problem)) in warnings.iter().zip(expected) {
        for piece in [
            &format!("key.id={id}"),
            &format!("key.name=\"{name}\""),
            problem,
        ] {
            assert!(warning.contains(piece), "{warning}");
        }
    }
    let shown = format!("{logged} {auth:?}");
    assert!(shown.contains("OdooStore"), "{shown}");
    for text in [
        GOOD,
        "portal-key",
        "dup-key",
        "lead-trail",
        "ключ",
        "nl-key",
        "LLLL",
    ] {
        assert!(!shown.contains(text), "{text}: {shown}");
    }
}

#[tokio::test]
async fn database_that_cannot_be_asked_is_no_refusal_and_what_changed_meanwhile_holds() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    verify(&auth, GOOD).await.unwrap();
    let Some(admin) = Database::new().await else {
        return;
    };
    let url = database.url();
    let (_, here) = url.rsplit_once('/').unwrap();
    admin
        .execute(&format!(
            "ALTER DATABASE {here} ALLOW_CONNECTIONS false;
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{here}'"
        ))
        .await;
    // A text that was not asked for before, each time.
    let mut asked = 0;
    let mut ask = async || {
        asked += 1;
        name(&auth, &format!("text-{asked}")).await
    };
    until(&mut ask, Err(Reason::Unavailable), "the loss").await;
    assert_eq!(ask().await, Err(Reason::Unavailable));
    admin
        .execute(&format!("ALTER DATABASE {here} ALLOW_CONNECTIONS true"))
        .await;
    database
        .execute("DELETE FROM auth_api_key WHERE id = 1")
        .await;
    until(&mut ask, Err(Reason::UnknownKey), "the return").await;
    until(
        async || name(&auth, GOOD).await,
        Err(Reason::UnknownKey),
        "the return",
    )
    .await;
}

/// A figure for the reader; `-- --nocapture` shows it.
#[tokio::test]
async fn standby_hides_no_change_behind_an_older_transaction() {
    let Some(primary) = Mortal::start().await else {
        return;
    };
    let connect = async |url: &str| PgConnection::connect(url).await.unwrap();
    let url = primary.url();
    let (mut oldest, mut older, mut odoo) = (
        connect(&url).await,
        connect(&url).await,
        connect(&url).await,
    );
    odoo.execute(sqlx::raw_sql(ODOO_16)).await.unwrap();
    let standby = Standby::of(&primary).await;
    let touch = "BEGIN; UPDATE res_users SET write_date = now() WHERE id = 2";
    oldest.execute(sqlx::raw_sql(touch)).await.unwrap();
    let delete = "BEGIN; DELETE FROM auth_api_key WHERE id = 1";
    older.execute(sqlx::raw_sql(delete)).await.unwrap();
    odoo.execute("UPDATE res_users SET login = 'younger' WHERE id = 7")
        .await
        .unwrap();
    let mut replayed = connect(standby.url()).await;
    let login = async || {
        let login = sqlx::query_scalar("SELECT login FROM res_users WHERE id = 7");
        login.fetch_one(&mut replayed).await.unwrap()
    };
    until(login, "younger".to_owned(), "the younger transaction").await;

    let store = OdooStore::open(standby.url()).await.unwrap();
    let auth = Authenticator::builder().build(store).await.unwrap();
    assert_eq!(name(&auth, GOOD).await.unwrap(), "good");
    older.execute("COMMIT").await.unwrap();
    let decide = async || name(&auth, GOOD).await;
    until(decide, Err(Reason::UnknownKey), delete).await;
    drop(oldest);
}

#[tokio::test]
async fn connection_that_falls_silent_is_given_up() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let (wire, url) = Wire::to_database(&database).await;
    let store = OdooStore::open(&url).await.unwrap();
    let auth = Authenticator::builder().confirm_within(Duration::from_secs(60));
    let auth = auth.build(store).await.unwrap();
    assert_eq!(name(&auth, GOOD).await.unwrap(), "good");
    wire.silence();
    wire.mend();
    database
        .execute("DELETE FROM auth_api_key WHERE id = 1")
        .await;
    let decide = async || name(&auth, GOOD).await;
    until(
        decide,
        Err(Reason::UnknownKey),
        "the connection fell silent",
    )
    .await;
}

/// What was skipped, and why.
async fn import(auth: &Authenticator, database: &Database) -> (usize, Vec<(i64, String)>) {
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let imported = auth.maintenance().import_odoo(&odoo, None).await.unwrap();
    let skipped = imported.skipped.iter();
    let skipped = skipped
        .map(|skipped| (skipped.id, skipped.reason.to_string()))
        .collect();
    (imported.created.len(), skipped)
}

#[tokio::test]
async fn imported_keys_go_on_working_and_a_second_import_changes_nothing() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = Authenticator::builder()
        .pepper(1, "cayenne-0123456789")
        .build(MemoryStore::new())
        .await
        .unwrap();
    auth.keys()
        .create(NewKey::new("portal", "x").text("another"))
        .await
        .unwrap();
    auth.keys()
        .create(NewKey::new("mine", "x").text("admin-key-XYZ"))
        .await
        .unwrap();
    let unusable = [
        (2, "its text is that of key \"mine\""),
        (3, "another key has its name"),
        (6, "its text is that of key \"dup_a\""),
        (8, "its text begins or ends with a blank"),
        (20, "its text is not in ASCII"),
        (21, "its text is empty"),
        (23, "its text holds a control character"),
    ];
    let unusable: Vec<_> = unusable.map(|(id, why)| (id, why.to_owned())).into();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let preview = auth
        .maintenance()
        .preview_odoo_import(&odoo, None)
        .await
        .unwrap();
    assert_eq!((preview.created.len(), preview.skipped.len()), (7, 7));
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 2);
    let (created, skipped) = import(&auth, &database).await;
    assert_eq!((created, &skipped), (7, &unusable));

    let good = auth.verify(GOOD, &["g1"], None).await.unwrap();
    assert_eq!((good.user.as_str(), good.hint.as_str()), ("6", ""));
    assert_eq!(
        good.created_at,
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_387_400_587)
    );
    assert_eq!(name(&auth, "dup-key").await.unwrap(), "dup_a");
    assert_eq!(verify(&auth, "nl-key").await, Err(Reason::UnknownKey));
    for text in ["archived-user-key", "su-key"] {
        assert_eq!(verify(&auth, text).await, Err(Reason::ArchivedUser));
    }
    auth.flush().await;
    let groups = listed_groups(&auth).await;
    let groups: Vec<_> = groups
        .iter()
        .map(|group| (&*group.code, &*group.name))
        .collect();
    assert_eq!(groups, [("g1", "Group 1")]);
    auth.groups().put("g1", "Ours").await.unwrap();
    let before = listed(&auth, &KeyFilter::new()).await;
    let (created, skipped) = import(&auth, &database).await;
    assert_eq!(created, 0);
    assert_eq!(listed_groups(&auth).await[0].name, "Ours");
    let there = |(_, why): &&(i64, String)| why == "it is there already";
    assert_eq!(skipped.iter().filter(there).count(), 7);
    assert_eq!(listed(&auth, &KeyFilter::new()).await, before);
}

#[tokio::test]
async fn archived_key_is_imported_as_archived() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    database
        .execute("UPDATE res_users SET active = false WHERE id = 8")
        .await;
    let auth = Authenticator::builder()
        .build(MemoryStore::new())
        .await
        .unwrap();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let imported = auth.maintenance().import_odoo(&odoo, None).await.unwrap();
    assert_eq!(imported.created, {
        let mut keys = listed(&auth, &KeyFilter::new()).await;
        keys.sort_by_key(|key| key.id);
        keys
    });
    for (text, expected) in [
        ("archived-key", Err(Reason::ArchivedKey)),
        ("act-key", Err(Reason::ArchivedUser)),
        ("c2-key", Ok("c2 key".to_owned())),
    ] {
        assert_eq!(name(&auth, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn import_archives_no_user_of_the_store() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = Authenticator::builder().build(MemoryStore::new()).await;
    let auth = auth.unwrap();
    auth.keys()
        .create(NewKey::new("mine", "8").text("mine"))
        .await
        .unwrap();
    import(&auth, &database).await;
    assert_eq!(name(&auth, "mine").await.unwrap(), "mine");
    let archived = verify(&auth, "archived-user-key").await;
    assert_eq!(archived, Err(Reason::ArchivedKey));
}

#[tokio::test]
async fn technical_names_and_given_texts_are_imported() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let auth = Authenticator::builder()
        .build(MemoryStore::new())
        .await
        .unwrap();
    let taken = NewKey::new("mine", "x").technical_name("plain_key");
    auth.keys().create(taken).await.unwrap();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let unknown = auth.maintenance().import_odoo(&odoo, None).await;
    assert!(
        matches!(unknown, Err(Error::Open(OpenError::MissingEnvironment))),
        "{unknown:?}"
    );
    let environment = EnvironmentKeys::new()
        .ini("[api_key_nokey]\nkey = also-given\n[api_key_env_empty]\nkey =\n")
        .unwrap();
    let imported = auth
        .maintenance()
        .import_odoo(&odoo, Some(&environment))
        .await
        .unwrap();
    let key = verify(&auth, "also-given").await.unwrap();
    assert_eq!(key.technical_name.as_deref(), Some("nokey"));
    assert_eq!(verify(&auth, "db-key-3").await, Err(Reason::UnknownKey));
    assert_eq!(imported.created.len(), 2, "{imported:?}");
    let plain = imported
        .skipped
        .iter()
        .find(|skipped| skipped.id == 2)
        .unwrap();
    assert_eq!(
        plain.reason.to_string(),
        "key \"mine\" has its technical name"
    );
}

#[route("/my_service/{id}?lang", auth = "api_key")]
async fn my_service(key: ApiKey, id: i64, lang: Option<i64>) -> String {
    format!("{} {id} {lang:?}", key.name)
}

#[route("/shop", auth = "api_key", groups = ["shop"])]
async fn shop(key: ApiKey) -> String {
    key.name.clone()
}

#[route("/public/{id}", auth = "public")]
async fn public(key: Option<ApiKey>, id: i64) -> String {
    format!("{:?} {id}", key.map(|key| key.name.clone()))
}

#[route("/none/{id}", auth = "none")]
async fn none(id: i64) -> String {
    id.to_string()
}

/// A server with the key `good-key`, in no group.
async fn server(style: AnswerStyle) -> (Server, Authenticator, GatedStore) {
    let store = GatedStore::default();
    let builder = Authenticator::builder().bearer(true).answers(style);
    let auth = builder.build(store.clone()).await.unwrap();
    auth.keys()
        .create(NewKey::new("key", "user").text("good-key"))
        .await
        .unwrap();
    let app = Router::new()
        .merge(routes![my_service, shop, public, none])
        .with_state(auth.clone());
    (Server::start(app).await, auth, store)
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

#[tokio::test]
async fn odoo_answers_401_without_a_key_and_403_to_a_wrong_one() {
    for (style, without) in [(AnswerStyle::Odoo, 401), (AnswerStyle::OdooBefore2024, 403)] {
        let (server, auth, store) = server(style).await;
        auth.keys()
            .create(NewKey::new("old", "user").text("old-key"))
            .await
            .unwrap();
        auth.keys().archive("old").await.unwrap();

        let missing: [&[&[u8]]; 3] = [&[], &[b"API-KEY:  "], &[b"X-API-KEY: good-key"]];
        for headers in missing {
            let answer = server.get("/my_service/1", headers).await;
            assert_eq!(told(&answer), (without, "missing_api_key".to_owned()));
            assert_eq!(answer.header("www-authenticate"), None, "{style:?}");
            assert_eq!(answer.header("cache-control").unwrap(), "no-store");
        }
        let wrong: [&[&[u8]]; 4] = [
            &[b"API-KEY: bad"],
            &[b"API-KEY: GOOD-KEY"],
            &[b"API-KEY: old-key"],
            &[b"API-KEY: good-key", b"API-KEY: good-key"],
        ];
        for headers in wrong {
            let answer = server.get("/my_service/1", headers).await;
            assert_eq!(told(&answer), (403, "invalid_api_key".to_owned()));
            assert_eq!(answer.header("www-authenticate"), None, "{style:?}");
        }
        let answer = server.get_with_key("/my_service/1", "good-key").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "key 1 None"));
        let answer = server.get_with_key("/shop", "good-key").await;
        assert_eq!(told(&answer), (403, "forbidden_group".to_owned()));
        store.set_failing(true);
        let answer = server.get_with_key("/shop", "other").await;
        assert_eq!(told(&answer), (503, "unavailable".to_owned()));
    }
}

#[tokio::test]
async fn odoo_ignores_every_key_on_a_public_route() {
    let (server, auth, store) = server(AnswerStyle::Odoo).await;
    for headers in [
        &[][..],
        &[&b"API-KEY: good-key"[..]],
        &[b"API-KEY: bad"],
        &[b"API-KEY: good-key", b"API-KEY: bad"],
    ] {
        let answer = server.get("/public/1", headers).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "None 1"));
    }
    let request = axum::http::Request::builder().header("api-key", "good-key");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    assert_eq!(auth.authenticate_optional(&mut parts).await.unwrap(), None);
    assert_eq!(store.finds(), 0);
}

#[tokio::test]
async fn odoo_finds_nothing_where_a_capture_cannot_be_read() {
    let (odoo, ..) = server(AnswerStyle::Odoo).await;
    let (standard, ..) = server(AnswerStyle::Standard).await;
    for path in [
        "/my_service/abc",
        "/my_service/1.5",
        "/my_service/%ff",
        "/public/abc",
    ] {
        for (server, status) in [(&odoo, 404), (&standard, 400)] {
            let answer = server.get_with_key(path, "good-key").await;
            assert_eq!(
                told(&answer),
                (status, "invalid_argument".to_owned()),
                "{path}"
            );
            assert_eq!(answer.header("vary").unwrap(), "api-key, authorization");
        }
    }
    for (path, id) in [("/my_service/-1", -1), ("/my_service/007", 7)] {
        let answer = odoo.get_with_key(path, "good-key").await;
        assert_eq!(answer.body, format!("key {id} None"));
    }
    // A query parameter is no part of the path.
    let answer = odoo.get_with_key("/my_service/1?lang=x", "good-key").await;
    assert_eq!(told(&answer), (400, "invalid_argument".to_owned()));
    assert_eq!(odoo.get("/my_service/abc", &[]).await.status, 401);
    // No authenticator has a say in this one.
    assert_eq!(odoo.get("/none/abc", &[]).await.status, 400);
}

/// Whether `auth-api-key import-odoo` succeeds, and what it prints for people.
fn import_odoo(folder: &TempDir, odoo: &str, arguments: &[&str]) -> (bool, String) {
    import_odoo_with(folder, odoo, arguments, &[])
}

/// As [`import_odoo`], in an environment with these variables.
fn import_odoo_with(
    folder: &TempDir,
    odoo: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (bool, String) {
    let keys = folder.path().join("keys.db");
    let output = cargo_run(&["-p", "auth-api-key", "--features", "cli,odoo"])
        .args(["--", "import-odoo"])
        .args(arguments)
        .env("DATABASE_URL", format!("sqlite:{}", keys.display()))
        .env("ODOO_DATABASE_URL", odoo)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    (
        output.status.success(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test]
async fn command_line_imports_an_odoo_once_it_is_told_to() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = database.url();
    for (arguments, done) in [
        (
            &["--dry-run"][..],
            "9 keys would be imported (2 of them archived, or their users are), 5 skipped",
        ),
        (
            &[],
            "9 keys imported (2 of them archived, or their users are), 5 skipped",
        ),
        (
            &[],
            "0 keys imported (0 of them archived, or their users are), 14 skipped",
        ),
    ] {
        let (success, told) = import_odoo(&folder, &url, arguments);
        assert!(success, "{told}");
        assert!(told.ends_with(&format!("{done}\n")), "{told}");
        assert!(told.contains("its text is that of key \"dup_a\""), "{told}");
        assert!(!told.contains("dup-key"), "{told}");
    }
    let keys = format!("sqlite:{}", folder.path().join("keys.db").display());
    let auth = Authenticator::connect(&keys).await.unwrap();
    assert_eq!(name(&auth, "admin-key-XYZ").await.unwrap(), "admin key");
}

#[tokio::test]
async fn command_line_asks_for_what_the_module_server_env_configures() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (success, told) = import_odoo(&folder, &database.url(), &[]);
    assert!(!success && told.contains("--server-env FILE"), "{told}");
    let config = folder.path().join("odoo.conf");
    let text = "[api_key_server_env_key]\nkey = key-from-environment\n";
    std::fs::write(&config, text).unwrap();
    let arguments = ["--server-env", config.to_str().unwrap()];
    let (success, told) = import_odoo(&folder, &database.url(), &arguments);
    assert!(success, "{told}");
    let keys = format!("sqlite:{}", folder.path().join("keys.db").display());
    let auth = Authenticator::connect(&keys).await.unwrap();
    assert_eq!(
        name(&auth, "key-from-environment").await.unwrap(),
        "Server Env Key"
    );
    assert_eq!(verify(&auth, "db-key-1").await, Err(Reason::UnknownKey));
}

#[tokio::test]
async fn command_line_imports_nothing_with_a_configuration_that_it_does_not_understand() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("odoo.conf");
    let arguments = ["--server-env", config.to_str().unwrap()];
    for (text, named) in [
        (
            "[options]\nlist_db\n[api_key_server_env_key]\nkey = hunter2\n",
            "odoo.conf cannot be read: line 2: ",
        ),
        (
            "[api_key_server_env_key]\nkey = hunter2%\n",
            "odoo.conf cannot be read: line 2: ",
        ),
    ] {
        std::fs::write(&config, text).unwrap();
        let (success, told) = import_odoo(&folder, &database.url(), &arguments);
        assert!(!success && told.contains(named), "{told}");
        assert!(!told.contains("hunter"), "{told}");
        let keys = format!("sqlite:{}", folder.path().join("keys.db").display());
        let auth = Authenticator::connect(&keys).await.unwrap();
        assert!(listed(&auth, &KeyFilter::new()).await.is_empty());
    }
}

#[tokio::test]
async fn command_line_reads_a_configuration_in_the_order_of_odoo_and_reports_its_strange_sections()
{
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("odoo.conf");
    let text = "[options]\naddons_path = a,\n    b\n[api_key_server_env_key]\nkey = %(text)s\n\
                [api_key_nokey]\nkey = of-the-file\n[api_key_nobody]\nkey = lost\n\
                [api_keys_plain_key]\nkey = lost, too\n";
    std::fs::write(&config, text).unwrap();
    let arguments = ["--server-env", config.to_str().unwrap()];
    let variables = [
        (
            "SERVER_ENV_CONFIG",
            "[api_key_nokey]\nkey = of-the-variable",
        ),
        ("SERVER_ENV_CONFIG_SECRET", "[DEFAULT]\ntext = referred"),
    ];
    let (success, told) = import_odoo_with(&folder, &database.url(), &arguments, &variables);
    assert!(success, "{told}");
    for warning in [
        "odoo.conf, line 9: no key has the technical name \"nobody\"",
        "odoo.conf, line 10: [api_keys_plain_key] is not a section of a key",
    ] {
        assert!(told.contains(warning), "{told}");
    }
    assert!(!told.contains("lost"), "{told}");
    let keys = format!("sqlite:{}", folder.path().join("keys.db").display());
    let auth = Authenticator::connect(&keys).await.unwrap();
    assert_eq!(name(&auth, "referred").await.unwrap(), "Server Env Key");
    assert_eq!(name(&auth, "of-the-variable").await.unwrap(), "nokey");
    for text in ["db-key-1", "of-the-file", "lost"] {
        assert_eq!(verify(&auth, text).await, Err(Reason::UnknownKey));
    }
}
