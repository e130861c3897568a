//! Databases of PostgreSQL: several nodes that open and change one, and one that is not there.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Error, NewKey, error::OpenError, key::KeyFilter, store::PostgresStore,
};
use futures_util::future::join_all;
use sqlx::{Connection as _, PgConnection};
use tests::{listed, name_of, postgres::Database};

#[tokio::test]
async fn postgres_nodes_that_start_together_make_the_tables_once() {
    let Some(database) = Database::new().await else {
        return;
    };
    let opening = (0..8).map(|_| {
        let url = database.url();
        tokio::spawn(async move { PostgresStore::open(&url).await })
    });
    for opened in join_all(opening).await {
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

/// As the table in the documentation of `PostgresStore` says.
#[tokio::test]
async fn node_that_does_all_at_once_has_seven_sessions_at_most() {
    let Some(database) = Database::new().await else {
        return;
    };
    let auth = Authenticator::connect(&database.url()).await.unwrap();
    let key = |at| NewKey::new(format!("key-{at}"), "user").text(format!("text-{at}"));
    auth.keys().create_all((0..50).map(key)).await.unwrap();
    let all = (0..50).map(|at| {
        let auth = auth.clone();
        tokio::spawn(async move {
            let _ = name_of(&auth, &format!("text-{at}")).await;
            let _ = name_of(&auth, &format!("nobody-{at}")).await;
            let (keys, name) = (auth.keys(), format!("key-{at}"));
            let all = KeyFilter::new();
            let (listed, archived, ()) =
                tokio::join!(keys.list(&all), keys.archive(&name), auth.flush());
            (listed.unwrap(), archived.unwrap())
        })
    });
    for done in join_all(all).await {
        done.unwrap();
    }
    let mut asking = PgConnection::connect(&database.url()).await.unwrap();
    let sessions = "SELECT count(*) FROM pg_stat_activity
                    WHERE application_name = 'auth-api-key' AND datname = current_database()";
    let sessions = sqlx::query_scalar(sessions).fetch_one(&mut asking).await;
    let sessions: i64 = sessions.unwrap();
    assert!((3..=7).contains(&sessions), "{sessions}");
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
    // More at a time than a node has connections, and so few that none waits too long for one,
    // however slow the server is.
    let changing = (0..8).map(|task| {
        let node = [&here, &there][task / 4].clone();
        tokio::spawn(async move {
            for n in (task..40).step_by(8) {
                let name = n.to_string();
                node.keys().archive(&name).await?;
                node.keys().rotate(&name, Duration::from_secs(60)).await?;
                node.users().archive(&format!("user-{}", n % 2)).await?;
                node.keys().delete(&name).await?;
            }
            Ok::<_, Error>(())
        })
    });
    for changed in join_all(changing).await {
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

#[tokio::test]
async fn default_isolation_level_of_the_database_does_not_matter() {
    for level in ["serializable", "repeatable read"] {
        let Some(database) = Database::new().await else {
            return;
        };
        let set = "DO $$ BEGIN EXECUTE format(
            'ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), 'LEVEL');
            END $$";
        database.execute(&set.replace("LEVEL", level)).await;
        let auth = Authenticator::connect(&database.url()).await.unwrap();
        // Few at a time, or they would wait for connections.
        let creating = (0..4).map(|task| {
            let auth = auth.clone();
            tokio::spawn(async move {
                for number in 0..10 {
                    let name = format!("key {number} of {task}");
                    let key = NewKey::new(name, "user").groups(["shop"]);
                    auth.keys().create(key).await.unwrap();
                }
            })
        });
        for created in join_all(creating).await {
            created.unwrap();
        }
        assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 40);
    }
}

#[tokio::test]
async fn keys_are_stored_in_a_database_with_one_alphabet() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (server, name) = {
        let url = database.url();
        let (server, name) = url.rsplit_once('/').unwrap();
        let name = name.split('?').next().unwrap();
        (server.to_owned(), format!("{name}_latin1"))
    };
    let create = format!(
        "CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    );
    database.execute(&create).await;
    let auth = Authenticator::connect(&format!("{server}/{name}"))
        .await
        .unwrap();
    let key = NewKey::new("Müller", "user").prefix("shop");
    let created = auth.keys().create(key).await.unwrap();
    assert_eq!(
        name_of(&auth, created.secret.expose()).await.unwrap(),
        "Müller"
    );
    let rotated = auth.keys().rotate("Müller", Duration::ZERO).await.unwrap();
    assert!(rotated.secret.expose().starts_with("shop_"));
    let shown = rotated.record.hint.to_string();
    let found = auth.keys().get("Müller").await.unwrap().unwrap();
    assert_eq!(found.hint, rotated.record.hint);
    assert!(shown.starts_with("shop_…"), "{shown}");
    let part = shown.trim_start_matches("shop_…");
    assert_eq!(listed(&auth, &KeyFilter::new().search(part)).await.len(), 1);
    auth.keys()
        .create(NewKey::new("Ключ", "user"))
        .await
        .unwrap_err();
    auth.keys()
        .create(NewKey::new("after", "user"))
        .await
        .unwrap();
}
