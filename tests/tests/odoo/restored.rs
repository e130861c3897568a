//! The address of an Odoo's database serves other data than before: of another cluster, an earlier state,
//! another database or table. In all tests the rows have the same `id` and `xmin` before and after, so
//! that these do not show the difference.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Reason,
    odoo::OdooStore,
    store::{KeyStore, Lookup, News},
};
use sqlx::{Connection, PgConnection};
use tests::{
    Address, Counted,
    postgres::{Database, OwnServer, Standby, execute},
    until, verify,
};

use crate::{GOOD, ODOO_18};

/// Uses up transaction numbers, so that the next is 5001.
const USE_UP: &str = "DO $$ BEGIN WHILE txid_current() < 5000 LOOP COMMIT; END LOOP; END $$";
/// Archives a key, changes the text of another, and the user of a third.
const CHANGES: &str = "
    UPDATE auth_api_key SET active = false WHERE id = 1;
    UPDATE auth_api_key SET key = 'moved-key' WHERE id = 26;
    UPDATE auth_api_key SET user_id = 6 WHERE id = 27";
/// After this no function reports to a reader which cluster it is.
const ANONYMOUS: &str = "
    REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC;
    CREATE ROLE reader LOGIN;
    GRANT SELECT ON auth_api_key TO reader;
    GRANT SELECT (id, active, company_id) ON res_users TO reader;
    GRANT SELECT (id, archived_user_disable_auth_api_key) ON res_company TO reader";

/// The rows with their transactions, and the transactions that can be seen.
async fn versions(url: &str) -> String {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let versions = sqlx::query_scalar(
        "SELECT string_agg(id || ':' || xmin, ' ' ORDER BY id) || txid_current_snapshot()
         FROM auth_api_key",
    );
    versions.fetch_one(&mut connection).await.unwrap()
}

/// Two clusters. The second has the same rows and transactions, except for the `changes`. `None` without
/// PostgreSQL.
async fn twins(both: &str, changes: &str) -> Option<[OwnServer; 2]> {
    let (first, second) = tokio::join!(OwnServer::start(), OwnServer::start());
    let twins = [first?, second?];
    for (twin, changes) in twins.iter().zip(["", changes]) {
        execute(&twin.url(), USE_UP).await;
        execute(&twin.url(), &format!("{ODOO_18};{both};{changes}")).await;
    }
    let [first, second] = &twins;
    assert_eq!(versions(&first.url()).await, versions(&second.url()).await);
    Some(twins)
}

async fn end_connections(server: &Database, name: &str) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity";
    server
        .execute(&format!("{end} WHERE datname = '{name}'"))
        .await;
}

async fn store(url: &str) -> OdooStore {
    OdooStore::open(url).await.unwrap()
}

async fn watched(url: &str, bound: Duration) -> Authenticator {
    let auth = Authenticator::builder().confirm_within(bound);
    let auth = auth.build(store(url).await).await.unwrap();
    for text in [GOOD, "act-key", "c2-key"] {
        user(&auth, text).await.unwrap();
    }
    auth
}

async fn user(auth: &Authenticator, text: &str) -> Result<String, Reason> {
    verify(auth, text).await.map(|key| key.user.clone())
}

/// Waits until the `CHANGES` take effect.
async fn until_changed(auth: &Authenticator) {
    until(
        async || user(auth, GOOD).await,
        Err(Reason::ArchivedKey),
        "the changes",
    )
    .await;
    for (text, expected) in [
        ("act-key", Err(Reason::UnknownKey)),
        ("moved-key", Ok("8")),
        ("c2-key", Ok("6")),
    ] {
        assert_eq!(
            user(auth, text).await,
            expected.map(str::to_owned),
            "{text}"
        );
    }
}

/// A bound so long that it never ends in a test.
const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn restored_cluster_replaces_all_that_was_known() {
    let Some([first, second]) = twins("", CHANGES).await else {
        return;
    };
    let auth = watched(&first.url(), Duration::from_secs(1)).await;
    let service = Counted::start(auth.clone()).await;
    let status = async || service.server.get_with_key("/count", GOOD).await.status;
    assert_eq!(status().await, 200);

    first.stop();
    until(status, 503, "the server stopped").await;
    let before = service.handled();
    second.move_in_place_of(&first).await;
    until(status, 401, "another server took its place").await;
    assert_eq!(service.handled(), before);
    until_changed(&auth).await;

    // Back to the first cluster, without waiting.
    second.stop();
    first.start_again().await;
    until(status, 200, "the server is back").await;
    first.stop();
    second.move_in_place_of(&first).await;
    until(status, 401, "another server took its place").await;
    until_changed(&auth).await;
}

#[tokio::test]
async fn look_up_without_a_watch_forgets_the_cluster_before() {
    let Some([first, second]) = twins("", CHANGES).await else {
        return;
    };
    let store = store(&first.url()).await;
    first.stop();
    second.move_in_place_of(&first).await;
    let active = async || store.key("good").await.ok().flatten().map(|key| key.active);
    until(active, Some(false), "another server took its place").await;
    let c2 = store.key("c2 key").await.unwrap().unwrap();
    assert_eq!(c2.user, "6");
}

#[tokio::test]
async fn rows_read_over_a_lost_connection_are_not_used() {
    let (Some(database), Some(server)) = (Database::new().await, Database::new().await) else {
        return;
    };
    let url = database.url();
    database.execute(ODOO_18).await;
    let store = store(&url).await;
    let mut watch = store.watch(LONG).await.unwrap().unwrap();
    let (_, name) = url.rsplit_once('/').unwrap();
    server
        .execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        .await;
    end_connections(&server, name).await;
    until(
        async || watch.next().await.is_err(),
        true,
        "the end of connections",
    )
    .await;
    store.key("good").await.unwrap_err();
}

#[tokio::test]
async fn promoted_standby_replaces_all_that_was_known_of_its_primary() {
    let Some(primary) = OwnServer::start().await else {
        return;
    };
    execute(&primary.url(), ODOO_18).await;
    let standby = Standby::of(&primary).await;
    standby.promote();
    // The last commit of the primary never reached the standby.
    for (url, changes) in [(primary.url(), ""), (standby.url().to_owned(), CHANGES)] {
        execute(&url, USE_UP).await;
        let touch = "UPDATE auth_api_key SET write_date = now()";
        execute(&url, &format!("{touch}; {changes}")).await;
    }
    let last = versions(&primary.url()).await;
    assert_eq!(last, versions(standby.url()).await);
    let auth = watched(&primary.url(), Duration::from_secs(1)).await;
    primary.stop();
    standby.move_in_place_of(&primary).await;
    until_changed(&auth).await;
}

#[tokio::test]
async fn watch_continues_when_its_standby_is_promoted() {
    let Some(primary) = OwnServer::start().await else {
        return;
    };
    execute(&primary.url(), ODOO_18).await;
    let standby = Standby::of(&primary).await;
    let auth = watched(standby.url(), LONG).await;
    standby.promote();
    execute(standby.url(), CHANGES).await;
    until_changed(&auth).await;
    for active in [true, false, true, false] {
        let change = format!("UPDATE auth_api_key SET active = {active} WHERE id = 1");
        execute(standby.url(), &change).await;
        until(async || user(&auth, GOOD).await.is_ok(), active, &change).await;
    }
}

#[tokio::test]
async fn database_that_takes_the_name_of_another_is_read() {
    let (Some(database), Some(server)) = (Database::new().await, Database::new().await) else {
        return;
    };
    let url = database.url();
    database.execute(ODOO_18).await;
    let auth = watched(&url, Duration::from_secs(1)).await;
    let (_, name) = url.rsplit_once('/').unwrap();
    let copy = format!("{name}_copy");
    // A database can be copied only if nobody is connected to it.
    server
        .execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        .await;
    end_connections(&server, name).await;
    server
        .execute(&format!("CREATE DATABASE {copy} TEMPLATE {name}"))
        .await;
    let archive = "ALTER TABLE auth_api_key DROP active, ADD active boolean DEFAULT false";
    execute(&url.replace(name, &copy), archive).await;
    server.execute(&format!("DROP DATABASE {name}")).await;
    server
        .execute(&format!("ALTER DATABASE {copy} RENAME TO {name}"))
        .await;
    until(
        async || user(&auth, GOOD).await,
        Err(Reason::ArchivedKey),
        "the other database has its name",
    )
    .await;
}

#[tokio::test]
async fn table_that_takes_the_name_of_another_is_read() {
    let Some(database) = Database::new().await else {
        return;
    };
    let copy = "CREATE TABLE restored AS SELECT * FROM auth_api_key;
        UPDATE restored SET active = false WHERE id = 1;
        UPDATE restored SET key = 'moved-key' WHERE id = 26;
        UPDATE restored SET user_id = 6 WHERE id = 27";
    database.execute(&format!("{ODOO_18};{copy}")).await;
    let auth = watched(&database.url(), LONG).await;
    let swap = "ALTER TABLE auth_api_key RENAME TO replaced;
        ALTER TABLE restored RENAME TO auth_api_key";
    database.execute(swap).await;
    until_changed(&auth).await;
}

#[tokio::test]
async fn column_that_takes_the_name_of_another_is_read() {
    let Some(database) = Database::new().await else {
        return;
    };
    database.execute(ODOO_18).await;
    let auth = watched(&database.url(), LONG).await;
    for (change, text) in [
        (
            "ALTER TABLE auth_api_key DROP active, ADD active boolean DEFAULT false",
            "act-key",
        ),
        (
            "ALTER TABLE auth_api_key RENAME active TO archived;
             ALTER TABLE auth_api_key ADD active boolean DEFAULT true",
            "archived-key",
        ),
    ] {
        let before = user(&auth, text).await.is_ok();
        database.execute(change).await;
        until(async || user(&auth, text).await.is_ok(), !before, change).await;
    }
}

#[tokio::test]
async fn change_of_the_server_under_a_connection_is_noticed() {
    for (both, role) in [("", "postgres"), (ANONYMOUS, "reader")] {
        let Some([first, second]) = twins(both, CHANGES).await else {
            return;
        };
        let address = Address::of([&first, &second], true).await;
        let url = address
            .url(&first)
            .replace("postgres@", &format!("{role}@"));
        let auth = watched(&url, LONG).await;
        let connections = address.connections();
        address.move_on();
        until_changed(&auth).await;
        assert_eq!(address.connections(), connections, "{role}");
    }
}

#[tokio::test]
async fn address_that_leads_to_another_server_is_noticed_while_the_old_one_answers() {
    let Some([first, second]) = twins("", CHANGES).await else {
        return;
    };
    let address = Address::of([&first, &second], false).await;
    let auth = watched(&address.url(&first), Duration::from_secs(1)).await;
    address.move_on();
    until_changed(&auth).await;
}

#[tokio::test]
async fn server_without_free_connections_is_still_asked() {
    let Some(database) = Database::new().await else {
        return;
    };
    let role = "CREATE ROLE crowd LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO crowd";
    database.execute(&format!("{ODOO_18};{role}")).await;
    let store = store(&database.url().replace("postgres@", "crowd@")).await;
    // With this bound the store asks every 5 ms, and connects again every 20 ms.
    let bound = Duration::from_millis(20);
    let mut watch = store.watch(bound).await.unwrap().unwrap();
    for _ in 0..10 {
        let news = watch.next().await.unwrap();
        assert!(matches!(news, News::Confirmed(_)), "{news:?}");
    }
    for change in ["ALTER ROLE crowd CONNECTION LIMIT 0", CHANGES] {
        database.execute(change).await;
        for _ in 0..10 {
            watch.next().await.unwrap();
        }
    }
    assert!(!store.key("good").await.unwrap().unwrap().active);
    // If the connection is refused for another reason, it may be another server.
    database.execute("ALTER ROLE crowd NOLOGIN").await;
    until(
        async || watch.next().await.is_err(),
        true,
        "the role may not connect",
    )
    .await;
}
