//! What is found of the keys that an Odoo keeps, and what its database must have and grant.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::{OpenError, StateError},
    key::{Group, KeyFilter, KeyRecord, Paging, User},
    odoo::OdooStore,
    store::MemoryStore,
};
use tests::{Log, listed, name_of, verify};

use crate::{GOOD, ODOO_16, ODOO_18, as_odoo, import, listed_groups, odoo, reader};

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
async fn key_without_a_text_and_neutralized_keys_never_match() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    // The column of Odoo 19 may be NULL.
    let sql = "ALTER TABLE auth_api_key ALTER key DROP NOT NULL;
        UPDATE auth_api_key SET key = NULL, active = true WHERE id = 4";
    database.execute(sql).await;
    let auth = as_odoo(&database).await;
    assert_eq!(verify(&auth, GOOD).await.unwrap().id, 1);
    assert_eq!(verify(&auth, "act-key").await.unwrap().id, 26);
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 5);

    let sql = "UPDATE auth_api_key SET key = 'neutralized', active = true";
    database.execute(sql).await;
    let (warnings, auth) = Log::of(as_odoo(&database)).await;
    for text in ["neutralized", GOOD, "act-key"] {
        let decided = verify(&auth, text).await.map(|key| key.id);
        assert_eq!(decided, Err(Reason::UnknownKey), "{text}");
    }
    assert_eq!(warnings.matches("was neutralized").count(), 1, "{warnings}");
    assert!(!warnings.contains("never said"), "{warnings}");
    let ours = Authenticator::builder().build(MemoryStore::new());
    let (created, skipped) = import(&ours.await.unwrap(), &database).await;
    let why = "its text was taken away when the database was neutralized";
    assert_eq!((created, skipped.len()), (0, 5));
    assert!(
        skipped.iter().all(|(_, reason)| reason == why),
        "{skipped:?}"
    );
}

#[tokio::test]
async fn record_has_what_odoo_knows() {
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
        let url = reader(&database, "SELECT 1").await;
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
        assert_eq!(name_of(&auth, GOOD).await.unwrap(), "good");
        listed_groups(&auth).await;
    }
}

#[tokio::test]
async fn key_of_an_archived_user_is_refused_unless_set_as_in_odoo() {
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
    assert_eq!(name_of(&auth, GOOD).await.unwrap(), "good");
}

#[tokio::test]
async fn archived_record_does_not_hide_another_with_its_text() {
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
        assert_eq!(name_of(&auth, "archived-key").await.unwrap(), "again");
    }
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
async fn schema_without_usage_and_tables_of_odoo_13_are_named() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let url = reader(&database, "GRANT SELECT ON auth_api_key TO reader").await;
    let opened = OdooStore::open(&url).await.unwrap_err();
    assert!(matches!(opened, Error::Store(_)), "{opened:?}");
    let no_usage = "REVOKE USAGE ON SCHEMA public FROM PUBLIC";
    database.execute(no_usage).await;
    let opened = OdooStore::open(&url).await.unwrap_err();
    assert!(
        matches!(&opened, Error::Open(OpenError::UnusableSchema { schema }) if schema == "public"),
        "{opened:?}"
    );
    let told = opened.to_string();
    assert!(told.contains("GRANT USAGE ON SCHEMA public"), "{told}");

    let old = "ALTER TABLE auth_api_key DROP COLUMN key;
        ALTER TABLE auth_api_key ADD server_env_defaults text";
    database.execute(old).await;
    let opened = OdooStore::open(&database.url()).await.unwrap_err();
    let told = opened.to_string();
    assert!(told.contains("Odoo 13 or older"), "{told}");
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
        (6, "dup_b", "has the same text as key 5"),
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
