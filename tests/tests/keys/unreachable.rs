//! Servers of PostgreSQL that take no connection: the error of whoever opens them, and the log, have the
//! server's own reason.

use auth_api_key::{
    Authenticator, Error,
    error::OpenError,
    key::KeyFilter,
    store::{Change, KeyStore as _, Lookup as _, PostgresStore},
};
use tests::{
    Log,
    postgres::{Database, OwnServer, execute},
};

/// An error and its causes, which are those of a database that cannot be opened.
#[track_caller]
fn told(error: Error) -> String {
    assert!(
        matches!(error, Error::Open(OpenError::Unopened { .. })),
        "{error:?}"
    );
    let source = std::error::Error::source(&error).unwrap();
    let (told, debug) = (format!("{error}: {source}"), format!("{error:?}"));
    for said in [&told, &debug] {
        for internal in ["pool timed out", " line ", ".c\""] {
            assert!(!said.contains(internal), "{said}");
        }
    }
    told
}

#[tokio::test]
async fn error_has_the_servers_reason_to_refuse_a_connection() {
    let Some(server) = OwnServer::start().await else {
        return;
    };
    let url = server.url();
    drop(Authenticator::connect(&url).await.unwrap());
    let (_, place) = url.split_once('@').unwrap();
    let (all, _) = url.rsplit_once('/').unwrap();
    let roles = "CREATE ROLE visitor LOGIN PASSWORD 'secret';
                 GRANT SELECT ON ALL TABLES IN SCHEMA public TO visitor";
    execute(&url, roles).await;
    server.ask_for_passwords_of("visitor,nobody").await;
    for (url, reason) in [
        (
            format!("postgres://visitor:wrong@{place}"),
            "password authentication failed for user \"visitor\"",
        ),
        (
            format!("postgres://nobody:wrong@{place}"),
            "password authentication failed for user \"nobody\"",
        ),
        (
            format!("{all}/nowhere"),
            "database \"nowhere\" does not exist",
        ),
        (
            "postgres://visitor:secret@127.0.0.1:1/keys".to_owned(),
            "Connection refused",
        ),
    ] {
        let said = told(Authenticator::connect(&url).await.unwrap_err());
        assert!(said.contains(reason), "{said}");
        assert!(
            !said.contains("wrong") && !said.contains("secret"),
            "{said}"
        );
    }
    // A node needs three: each of them is refused in turn.
    let visitor = format!("postgres://visitor:secret@{place}");
    for limit in 0..3 {
        let limited = format!("ALTER ROLE visitor CONNECTION LIMIT {limit}");
        execute(&url, &limited).await;
        let said = told(Authenticator::connect(&visitor).await.unwrap_err());
        let reason = "too many connections for role \"visitor\"";
        assert!(said.contains(reason), "{limit}: {said}");
        while connections(&url).await > 0 {
            tokio::task::yield_now().await;
        }
    }
    execute(&url, "ALTER ROLE visitor CONNECTION LIMIT 3").await;
    Authenticator::connect(&visitor).await.unwrap();
}

#[tokio::test]
async fn node_says_why_its_server_gives_it_no_further_connection() {
    let Some(server) = OwnServer::start().await else {
        return;
    };
    let url = server.url();
    drop(Authenticator::connect(&url).await.unwrap());
    let role = "CREATE ROLE visitor LOGIN;
                GRANT ALL ON ALL TABLES IN SCHEMA public TO visitor";
    execute(&url, role).await;
    let visitor = url.replace("postgres@", "visitor@");
    let store = PostgresStore::open(&visitor).await.unwrap();
    let archive = Change::SetActive {
        name: "key".to_owned(),
        active: false,
    };
    let refused = async |reason: &str| {
        let filter = KeyFilter::new();
        let (looked_up, changed) = tokio::join!(
            async {
                let found = store.find_technical_name("key").await;
                [found.map(drop), store.list(&filter).await.map(drop)]
            },
            async {
                let changed = store.change(&archive, None).await;
                [changed.map(drop), store.record_uses(&[]).await]
            }
        );
        let refused = [looked_up, changed].into_iter().flatten();
        for refused in refused {
            let error = refused.unwrap_err();
            let said = std::error::Error::source(&error).unwrap().to_string();
            assert!(said.contains(reason), "{said}");
        }
    };
    // The two that it has are for look-ups and for changes: a list is made over another one.
    execute(&url, "ALTER ROLE visitor CONNECTION LIMIT 2").await;
    store.find_technical_name("key").await.unwrap();
    let listed = store.list(&KeyFilter::new()).await.unwrap_err();
    let said = std::error::Error::source(&listed).unwrap().to_string();
    let reason = "too many connections for role \"visitor\"";
    assert!(said.contains(reason), "{said}");

    let cut = "ALTER ROLE visitor CONNECTION LIMIT 0;
               SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'visitor'";
    execute(&url, cut).await;
    refused(reason).await;
    server.stop();
    refused("Connection refused").await;
    server.start_again().await;
    execute(&url, "ALTER ROLE visitor CONNECTION LIMIT -1").await;
    store.list(&KeyFilter::new()).await.unwrap();
    store.find_technical_name("key").await.unwrap();
}

/// How many the visitor has.
async fn connections(url: &str) -> i64 {
    use sqlx::Connection;

    let mut asking = sqlx::PgConnection::connect(url).await.unwrap();
    let number = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'visitor'";
    let number = sqlx::query_scalar(number);
    number.fetch_one(&mut asking).await.unwrap()
}

#[tokio::test]
async fn node_logs_that_its_server_refuses_connections() {
    let Some(server) = OwnServer::start().await else {
        return;
    };
    let log = Log::of_process();
    let _node = Authenticator::connect(&server.url()).await.unwrap();
    server.stop();
    let port = server.port();
    log.until(&format!("cannot open the database \"localhost:{port}/"))
        .await;
    let text = log.text();
    let mut lines = text.lines();
    let said =
        lines.find(|line| line.contains(&format!("cannot open the database \"localhost:{port}/")));
    assert!(said.unwrap().contains("Connection refused"), "{said:?}");
}

#[tokio::test]
async fn connection_that_may_fall_back_to_plain_text_is_reported() {
    let Some(database) = Database::new().await else {
        return;
    };
    for (parameters, reported) in [
        ("", true),
        ("?sslmode=allow", true),
        ("?sslmode=disable", false),
    ] {
        let url = format!("{}{parameters}", database.url());
        let (log, opened) = Log::of(Authenticator::connect(&url)).await;
        opened.unwrap();
        assert_eq!(log.contains("falls back to plain text"), reported, "{log}");
    }
}
