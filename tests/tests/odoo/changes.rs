//! A change in Odoo takes effect here, also if the database could not be asked for some time.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Reason,
    odoo::OdooStore,
    store::{Changed, EnvironmentKeys, KeyStore, Lookup, News},
};
use sqlx::{Connection, Executor, PgConnection};
use tests::{
    Wire, name_of,
    postgres::{Database, OwnServer, Standby},
    until, verify,
};

use crate::{GOOD, ODOO_16, ODOO_16_SERVER_ENV, ODOO_18, as_odoo, listed_groups, odoo};

#[tokio::test]
async fn change_in_odoo_takes_effect_here() {
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
        // A change by hand, made as a restored backup makes it.
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
        // A record with a lower id gets the text.
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
        // So that the text is cached.
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
async fn change_of_groups_and_users_in_odoo_takes_effect_here() {
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
        // The company of another user does not concern the keys of this user.
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
            // When the node sees this later change, it has seen the change before it.
            let later = "UPDATE auth_api_key SET key = 'later' WHERE id = 27";
            database.execute(later).await;
            until(async || verify(&auth, "later").await.is_ok(), true, later).await;
        }
        until(decide, expected, change).await;
    }
}

#[tokio::test]
async fn text_of_the_configuration_replaces_that_of_the_database() {
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
        assert_eq!(name_of(&auth, text).await, found, "{text}");
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
        until(async || name_of(&auth, text).await, expected, change).await;
    }
}

#[tokio::test]
async fn odd_row_does_not_affect_other_keys() {
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
    let decide = async || name_of(&auth, "changed").await;
    until(decide, Ok("portal".to_owned()), "the odd rows").await;
    assert_eq!(name_of(&auth, "admin-key-XYZ").await.unwrap(), "admin key");
    assert_eq!(verify(&auth, "su-key").await.unwrap().user, "0");
    listed_groups(&as_odoo(&database).await).await;
}

#[tokio::test]
async fn watch_that_missed_a_state_reports_that_all_may_have_changed() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    let store = OdooStore::open(&database.url()).await.unwrap();
    let mut watch = store.watch(Duration::from_secs(60)).await.unwrap().unwrap();
    // If the watch has not asked for a second, look-ups ask the database themselves.
    for active in [false, true] {
        let change = format!("UPDATE auth_api_key SET active = {active} WHERE id = 1");
        database.execute(&change).await;
        let seen = async || store.key("good").await.unwrap().unwrap().active;
        until(seen, active, &change).await;
    }
    assert_eq!(watch.next().await.unwrap(), News::Changed(Changed::All));
}

#[tokio::test]
async fn module_that_is_installed_later_is_noticed() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = as_odoo(&database).await;
    verify(&auth, GOOD).await.unwrap();
    // From then on Odoo and the store ignore the old column.
    database
        .execute(
            "ALTER TABLE auth_api_key ADD COLUMN tech_name character varying,
             ADD COLUMN server_env_defaults text",
        )
        .await;
    let decide = async || name_of(&auth, GOOD).await;
    until(decide, Err(Reason::UnknownKey), "the installation").await;
}

#[tokio::test]
async fn database_that_cannot_be_asked_is_a_fault_and_changes_take_effect_later() {
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
    // Each time a text that was not looked up before.
    let mut asked = 0;
    let mut ask = async || {
        asked += 1;
        name_of(&auth, &format!("text-{asked}")).await
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
        async || name_of(&auth, GOOD).await,
        Err(Reason::UnknownKey),
        "the return",
    )
    .await;
}

#[tokio::test]
async fn standby_shows_a_change_by_an_older_transaction() {
    let Some(primary) = OwnServer::start().await else {
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
    assert_eq!(name_of(&auth, GOOD).await.unwrap(), "good");
    older.execute("COMMIT").await.unwrap();
    let decide = async || name_of(&auth, GOOD).await;
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
    assert_eq!(name_of(&auth, GOOD).await.unwrap(), "good");
    wire.silence();
    wire.restore();
    database
        .execute("DELETE FROM auth_api_key WHERE id = 1")
        .await;
    let decide = async || name_of(&auth, GOOD).await;
    until(
        decide,
        Err(Reason::UnknownKey),
        "the connection fell silent",
    )
    .await;
}
