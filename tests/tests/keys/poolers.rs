//! Nodes whose look-ups, changes and lists go through PgBouncer, which lends the sessions of the server for
//! each transaction.

use std::time::{Duration, UNIX_EPOCH};

use auth_api_key::{
    Authenticator, Builder, Error, NewKey, Reason,
    key::{KeyFilter, KeyOrder, KeyUpdate, Paging},
    store::PostgresStore,
};
use sqlx::{Connection as _, PgConnection};
use tests::{
    chain, listed, name_of,
    pgbouncer::{self, PgBouncer},
    postgres::Database,
    skip, skip_everywhere, until,
};

const TRANSACTION: &str = "pool_mode = transaction\ndefault_pool_size = 3\n";

/// A database, if there is also a PgBouncer.
async fn database() -> Option<Database> {
    if pgbouncer::version().is_none() {
        skip("no PgBouncer is installed; install the package `pgbouncer`");
        return None;
    }
    Database::new().await
}

/// As [`database`], if that PgBouncer keeps prepared statements.
async fn new_enough() -> Option<Database> {
    match pgbouncer::version() {
        Some(version) if version < (1, 21) => {
            let (major, minor) = version;
            skip_everywhere(&format!(
                "PgBouncer {major}.{minor} keeps no prepared statements, and Debian 12 has no newer one; \
                 install 1.21 or newer"
            ));
            None
        }
        _ => database().await,
    }
}

fn through(database: &Database) -> Builder {
    Authenticator::builder().watch_url(database.url())
}

#[tokio::test]
async fn node_does_all_through_a_pooler_that_keeps_statements() {
    let Some(database) = new_enough().await else {
        return;
    };
    let settings = format!("{TRANSACTION}max_prepared_statements = 100");
    let pooler = PgBouncer::start(&database, &settings).await;
    let node = || async {
        let builder = through(&database).pepper(1, "a pepper of the tests");
        builder.connect(pooler.url()).await.unwrap()
    };
    let (here, there) = (node().await, node().await);
    let keys = (0..300).map(|at| NewKey::new(format!("key-{at}"), "user").groups(["shop"]));
    let created = here.keys().create_all(keys).await.unwrap();
    // More at a time than there are sessions, and over all of them.
    let verifying = created.iter().map(|key| {
        let (there, text) = (there.clone(), key.secret.expose().to_owned());
        tokio::spawn(async move { name_of(&there, &text).await })
    });
    for (key, verified) in created
        .iter()
        .zip(futures_util::future::join_all(verifying).await)
    {
        assert_eq!(verified.unwrap().unwrap(), key.record.name);
    }
    let old = created[0].secret.expose();
    here.keys().archive("key-0").await.unwrap();
    let refused = async || name_of(&there, old).await;
    until(
        refused,
        Err(Reason::ArchivedKey),
        "it was archived on the other node",
    )
    .await;

    let keys = there.keys();
    keys.unarchive("key-0").await.unwrap();
    keys.rotate("key-0", Duration::ZERO).await.unwrap();
    keys.update("key-0", KeyUpdate::new().name("renamed").groups(["erp"]))
        .await
        .unwrap();
    there.users().archive("user").await.unwrap();
    there.users().unarchive("user").await.unwrap();
    there.groups().put("erp", "The ERP").await.unwrap();
    for order in [KeyOrder::Name, KeyOrder::LastUse] {
        let filter = KeyFilter::new().group("shop").order(order).size(7);
        assert_eq!(listed(&here, &filter).await.len(), 299);
        assert_eq!(here.keys().count(&filter).await.unwrap(), 299);
    }
    assert_eq!(
        here.groups()
            .list(&Paging::new())
            .await
            .unwrap()
            .items
            .len(),
        2
    );
    assert_eq!(
        here.users().list(&Paging::new()).await.unwrap().items.len(),
        1
    );
    there.flush().await;
    let used = here
        .keys()
        .get("key-1")
        .await
        .unwrap()
        .unwrap()
        .last_used_at;
    assert!(used.is_some_and(|at| at > UNIX_EPOCH));
    keys.delete("renamed").await.unwrap();
    assert_eq!(here.keys().get("renamed").await.unwrap(), None);
    // Also after tables were altered.
    let altered = "ALTER TABLE api_key ALTER technical_name TYPE varchar(2000)";
    database.execute(altered).await;
    for key in &created[100..110] {
        let (name, text) = (&key.record.name, key.secret.expose());
        assert_eq!(name_of(&here, text).await.as_ref(), Ok(name));
        here.keys().archive(name).await.unwrap();
    }
    assert_eq!(
        listed(&here, &KeyFilter::new().group("shop")).await.len(),
        299
    );
    here.maintenance().neutralize().await.unwrap();

    // Those that the pooler has, and one for each node, which listens.
    let mut asking = PgConnection::connect(&database.url()).await.unwrap();
    let sessions = "SELECT count(*) FROM pg_stat_activity
                    WHERE application_name = 'auth-api-key' AND datname = current_database()";
    let sessions: i64 = sqlx::query_scalar(sessions)
        .fetch_one(&mut asking)
        .await
        .unwrap();
    assert!((3..=5).contains(&sessions), "{sessions}");
}

#[tokio::test]
async fn pooler_of_whole_sessions_needs_no_setting_for_prepared_statements() {
    let Some(database) = database().await else {
        return;
    };
    let pooler = PgBouncer::start(&database, "pool_mode = session").await;
    let node = through(&database).connect(pooler.url()).await.unwrap();
    let created = node
        .keys()
        .create(NewKey::new("key", "user"))
        .await
        .unwrap();
    assert_eq!(
        name_of(&node, created.secret.expose()).await.unwrap(),
        "key"
    );
    assert_eq!(listed(&node, &KeyFilter::new()).await.len(), 1);
}

#[tokio::test]
async fn pooler_that_keeps_no_statements_is_named() {
    let Some(database) = database().await else {
        return;
    };
    // Older versions do not have this setting; newer ones keep statements unless it is 0.
    let without = match pgbouncer::version() < Some((1, 21)) {
        true => "",
        false => "max_prepared_statements = 0",
    };
    let pooler = PgBouncer::start(&database, &format!("{TRANSACTION}{without}")).await;
    for _ in 0..2 {
        let refused = through(&database).connect(pooler.url()).await.unwrap_err();
        let said = chain(&refused);
        for piece in [
            "127.0.0.1:",
            "PgBouncer keeps them from version 1.21 on",
            "`max_prepared_statements`",
        ] {
            assert!(said.contains(piece), "{said}");
        }
    }
}

#[tokio::test]
async fn pooler_without_the_address_of_its_server_is_named() {
    let Some(database) = database().await else {
        return;
    };
    let pooler = PgBouncer::start(&database, TRANSACTION).await;
    let refused: [Error; 3] = [
        Authenticator::connect(pooler.url()).await.unwrap_err(),
        PostgresStore::open(pooler.url()).await.unwrap_err(),
        // Nobody can listen there either.
        Authenticator::builder()
            .watch_url(pooler.url())
            .connect(&database.url())
            .await
            .unwrap_err(),
    ];
    for refused in refused {
        let said = chain(&refused);
        for piece in [
            "unsupported startup parameter",
            "`Builder::watch_url`",
            "DATABASE_WATCH_URL",
        ] {
            assert!(said.contains(piece), "{said}");
        }
    }
}

#[tokio::test]
async fn address_to_watch_must_be_of_postgres() {
    let file = tests::sqlite::File::temporary();
    let server = "postgres://postgres@localhost/keys";
    for (url, watch_url) in [(&*file.url(), server), (server, &file.url())] {
        let builder = Authenticator::builder().watch_url(watch_url);
        let said = builder.connect(url).await.unwrap_err().to_string();
        let expected =
            "`Builder::watch_url` cannot be used with an address that starts with \"sqlite\"";
        assert!(said.contains(expected), "{said}");
    }
}

#[tokio::test]
async fn address_to_watch_of_another_database_is_refused_and_left_alone() {
    let (Some(keys), Some(other)) = (Database::new().await, Database::new().await) else {
        return;
    };
    let builder = Authenticator::builder().watch_url(other.url());
    let errors = [
        builder.connect(&keys.url()).await.unwrap_err(),
        // As `auth-api-key migrate` does it.
        PostgresStore::open_through(&keys.url(), Some(&other.url()), true)
            .await
            .unwrap_err(),
    ];
    for error in errors {
        let said = chain(&error);
        let elsewhere = "leads to another server, database or schema";
        assert!(said.contains(elsewhere), "{said}");
        for database in [&keys, &other] {
            let name = database.url().rsplit_once('/').unwrap().1.to_owned();
            assert!(said.contains(&name), "{said}");
        }
    }
    for database in [&keys, &other] {
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        let tables = "SELECT count(*) FROM pg_tables WHERE tablename LIKE '%api_key%'";
        let tables: i64 = sqlx::query_scalar(tables)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(tables, 0);
    }
}
