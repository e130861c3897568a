//! The text of a key and the pepper are in no log, table, `Debug` or error.

use std::{fmt::Write, time::Duration};

use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator, NewKey, Rejection, route, routes};
use axum::{Router, http::HeaderMap, routing::get};
use tests::{GatedStore, Log, Server, postgres::Database};

const PEPPER: &str = "cayenne-0123456789";
const GIVEN: &str = "swordfish-of-the-user";
const WRONG: &str = "guessed-by-nobody";

#[route("/guarded", auth = "api_key", groups = ["shop"])]
#[tracing::instrument(level = "trace")]
async fn guarded(key: ApiKey, headers: HeaderMap) -> String {
    tracing::info!(?key, ?headers, "in the body");
    key.name.clone()
}

async fn plain(key: Result<ApiKey, Rejection>) -> String {
    format!("{key:?}")
}

#[tokio::test]
async fn secrets_are_not_in_logs_debug_errors_or_the_database() {
    // The log of every thread and task, so that it has the lines of the server and the store.
    let log = Log::of_process();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("keys.db").display());
    let builder = Authenticator::builder().pepper(1, PEPPER).bearer(true);
    let mut seen = format!("{builder:?}");
    let auth = builder.connect(&url).await.unwrap();
    let new_key = NewKey::new("given", "user").groups(["shop"]).text(GIVEN);
    write!(seen, "{new_key:?}").unwrap();
    let given = auth.keys().create(new_key).await.unwrap();
    let issued = auth
        .keys()
        .create(NewKey::new("issued", "user").prefix("shop"))
        .await
        .unwrap();
    let rotated = auth
        .keys()
        .rotate("issued", Duration::from_secs(60))
        .await
        .unwrap();
    write!(seen, "{given:?} {issued:?} {rotated:?} {auth:?}").unwrap();
    for text in [GIVEN, "blank at the end of swordfish-of-the-user "] {
        let error = auth
            .keys()
            .create(NewKey::new("again", "user").text(text))
            .await
            .unwrap_err();
        write!(seen, "{error} {error:?}").unwrap();
    }

    let app = Router::new()
        .merge(routes![guarded])
        .route("/plain", get(plain))
        .route(
            "/layer",
            get(async || "inside").layer(ApiKeyLayer::new(auth.clone())),
        )
        .with_state(auth.clone());
    let server = Server::start(app).await;
    let issued = issued.secret.expose();
    for path in ["/guarded", "/plain", "/layer"] {
        for text in [GIVEN, issued, rotated.secret.expose(), WRONG] {
            let answer = server.get_with_key(path, text).await;
            write!(seen, "{answer:?}").unwrap();
            let bearer = format!("Authorization: Bearer {text}");
            write!(seen, "{:?}", server.get(path, &[bearer.as_bytes()]).await).unwrap();
        }
    }
    drop(server);

    let logged = log.text();
    assert!(
        logged.contains("in the body") && logged.contains("refused"),
        "the log was taken"
    );
    let mut database = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        database.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |haystack: &[u8], needle: &str| {
        haystack
            .windows(needle.len())
            .any(|window| window == needle.as_bytes())
    };
    assert!(holds(&database, "api_key_secret"), "the database was read");
    // The random part of an issued text.
    let (issued, rotated) = (&issued[5..37], &rotated.secret.expose()[5..37]);
    for secret in [PEPPER, GIVEN, WRONG, issued, rotated] {
        assert!(!logged.contains(secret), "{secret} was logged");
        assert!(!seen.contains(secret), "{secret} was shown");
        assert!(!holds(&database, secret), "{secret} was stored");
    }
}

#[tokio::test]
async fn password_of_the_database_is_not_shown() {
    let Some(database) = Database::new().await else {
        return;
    };
    database
        .execute("CREATE ROLE owner SUPERUSER LOGIN PASSWORD 'of-the-owner'")
        .await;
    let url = database.url();
    let (_, server) = url.split_once('@').unwrap();
    let url = format!("postgres://owner:of-the-owner@{server}");
    let auth = Authenticator::connect(&url).await.unwrap();
    let shown = format!("{auth:?}");
    assert!(shown.contains("PostgresStore"), "{shown}");
    assert!(!shown.contains("of-the-owner"), "{shown}");
}

#[tokio::test]
async fn refusal_is_logged_with_its_reason_and_the_keys_name() {
    let auth = Authenticator::builder()
        .build(GatedStore::default())
        .await
        .unwrap();
    let created = auth
        .keys()
        .create(NewKey::new("old", "user").prefix("shop"))
        .await
        .unwrap();
    auth.keys().archive("old").await.unwrap();
    let request = axum::http::Request::builder().header("api-key", created.secret.expose());
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    let (line, refused) = Log::of(auth.authenticate(&mut parts, &[])).await;
    assert!(refused.is_err());
    for piece in [
        "refused",
        "reason=ArchivedKey",
        "key.id=1",
        "key.name=\"old\"",
        "shop_…",
    ] {
        assert!(line.contains(piece), "{line}");
    }
}
