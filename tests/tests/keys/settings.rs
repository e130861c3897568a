//! Settings of an authenticator at and beyond their bounds: an error that names the setting and what to
//! write, or the documented behaviour; never a panic, and nothing that hangs.

use std::time::Duration;

use auth_api_key::{
    Authenticator, Builder, Error, NewKey,
    error::{InputError, PepperError},
    odoo::OdooStore,
    store::{PostgresStore, SqliteStore},
};
use tests::{GatedStore, Log, chain, postgres::Database};

fn builder() -> Builder {
    Authenticator::builder()
}

/// Builds over a store in memory, and gives the error.
async fn refused(builder: Builder) -> Error {
    builder.build(GatedStore::default()).await.unwrap_err()
}

#[tokio::test]
async fn number_of_connections_out_of_range_is_an_error_before_a_database_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let file = format!("sqlite:{}", path.display());
    let server = "postgres://user@127.0.0.1:1/keys";
    for number in [0, 1001, u32::MAX] {
        for url in [file.as_str(), server] {
            let error = builder()
                .connections(number)
                .connect(url)
                .await
                .unwrap_err()
                .to_string();
            let said = format!("`Builder::connections` cannot be {number}; give 1 to 1000");
            assert!(error.starts_with(&said), "{error}");
        }
        let error = refused(builder().connections(number)).await;
        assert!(
            matches!(error, Error::Input(InputError::UnusableSetting { .. })),
            "{error}"
        );
    }
    assert!(!path.exists());
}

#[tokio::test]
async fn fewest_and_most_connections_work() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("keys.db").display());
    let server = Database::new().await;
    let urls = [Some(file), server.as_ref().map(Database::url)];
    for url in urls.into_iter().flatten() {
        for number in [1, 1000] {
            let auth = builder().connections(number).connect(&url).await.unwrap();
            let keys = auth.keys();
            let key = keys.create(NewKey::new(number.to_string(), "user"));
            let key = key.await.unwrap();
            auth.verify(key.secret.expose(), &[], None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn bound_of_confirmation_out_of_range_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("keys.db").display());
    let day = Duration::from_secs(24 * 60 * 60);
    let moment = Duration::from_nanos(1);
    let tenth = Duration::from_millis(100);
    for bound in [Duration::ZERO, tenth - moment, day + moment, Duration::MAX] {
        let builder = || builder().confirm_within(bound);
        let opened = builder().connect(&file).await.unwrap_err();
        for error in [opened, refused(builder()).await] {
            let said = format!("`Builder::confirm_within` cannot be {bound:?}; give 100 ms to 24");
            assert!(error.to_string().starts_with(&said), "{error}");
        }
    }
    for bound in [tenth, day] {
        let builder = builder().confirm_within(bound);
        builder.connect(&file).await.unwrap();
    }
}

#[tokio::test]
async fn caches_without_entries_ask_the_store_every_time() {
    let store = GatedStore::default();
    let builder = builder().cache_capacity(0).unknown_capacity(0);
    let auth = builder.build(store.clone()).await.unwrap();
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    for asked in 1..=3 {
        auth.verify("a", &[], None).await.unwrap();
        auth.verify("b", &[], None).await.unwrap_err();
        assert_eq!(store.finds(), 2 * asked);
    }
}

#[tokio::test]
async fn unbounded_caches_take_no_memory_before_they_are_filled() {
    let builder = builder()
        .cache_capacity(usize::MAX)
        .unknown_capacity(usize::MAX);
    let auth = builder.build(GatedStore::default()).await.unwrap();
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    auth.verify("a", &[], None).await.unwrap();
    auth.verify("b", &[], None).await.unwrap_err();
}

#[tokio::test]
async fn header_names_and_realms_that_cannot_be_sent_are_errors_and_a_realm_may_be_empty() {
    for name in ["", " ", "api key", "api:key", "schlüssel", "a\r\nb"] {
        let error = refused(builder().header(name)).await;
        assert!(
            matches!(error, Error::Input(InputError::InvalidHeaderName { .. })),
            "{error}"
        );
    }
    for realm in ["\"", "\\", "a\r\nb", "\u{7f}"] {
        let error = refused(builder().realm(realm)).await;
        assert!(
            matches!(error, Error::Input(InputError::InvalidRealm { .. })),
            "{error}"
        );
    }
    let builder = builder().realm("");
    builder.build(GatedStore::default()).await.unwrap();
}

#[tokio::test]
async fn peppers_of_the_first_and_last_version_work_and_version_zero_is_an_error() {
    let pepper = "a pepper of 0123456789";
    let error = refused(builder().pepper(0, pepper)).await;
    assert!(
        matches!(error, Error::Pepper(PepperError::PepperVersionZero)),
        "{error}"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("keys.db").display());
    let builder = builder().pepper(u32::MAX, pepper).pepper(1, pepper);
    let auth = builder.connect(&file).await.unwrap();
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    auth.verify("a", &[], None).await.unwrap();
}

#[tokio::test]
async fn errors_and_the_log_show_no_part_of_a_password_in_an_address() {
    let connect = |url: &'static str| async move {
        let library = builder().connect(url).await.unwrap_err();
        let own = PostgresStore::open(url).await.unwrap_err();
        let odoo = OdooStore::open(url).await.unwrap_err();
        [library, own, odoo].map(|error| chain(&error))
    };
    for (url, remedy) in [
        (
            "postgres://me:hunter@gouda@127.0.0.1:1/db",
            "percent-encode",
        ),
        (
            "postgres://me:hunter#gouda@127.0.0.1:1/db",
            "percent-encode",
        ),
        (
            "Postgres://me:hunter?gouda@127.0.0.1:1/db",
            "percent-encode",
        ),
        (
            "postgres://me:hunter/gouda@127.0.0.1:1/db",
            "percent-encode",
        ),
        (
            "postgres://127.0.0.1:1/db?password=hunter&gouda=1",
            "127.0.0.1:1/db",
        ),
        (
            "postgres://127.0.0.1:1/db?passwd=huntergouda",
            "127.0.0.1:1/db",
        ),
        ("postgres://me:huntergouda", "percent-encode"),
    ] {
        let (log, errors) = Log::of(connect(url)).await;
        for error in errors {
            assert!(error.contains(remedy), "{error}");
            assert!(
                !error.contains("hunter") && !error.contains("gouda"),
                "{error}"
            );
        }
        assert!(!log.contains("hunter") && !log.contains("gouda"), "{log}");
        let warned = log.contains("unknown parameter");
        assert_eq!(warned, url.contains("passw"), "{url}: {log}");
    }
}

#[tokio::test]
async fn address_may_end_with_a_line_feed_and_have_a_scheme_in_any_case() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Keys.db");
    for url in [
        format!("SQLite:{}\n", path.display()),
        format!("\u{feff}sqlite:{}\r\n", path.display()),
    ] {
        builder().connect(&url).await.unwrap();
        SqliteStore::open(&url).await.unwrap();
    }
    assert!(path.exists());
    if let Some(server) = Database::new().await {
        let url = server.url().replacen("postgres", "Postgres", 1) + "\n";
        builder().connect(&url).await.unwrap();
        PostgresStore::open(&url).await.unwrap();
    }
}
