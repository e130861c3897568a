//! Keys whose texts come from a configuration and not from the store.

use std::time::Duration;

use auth_api_key::{
    Authenticator, EnvironmentKeys, Error, KeyUpdate, MemoryStore, NewKey, Reason,
    has_valid_checksum,
};

/// A store with a key `web` whose text is `stored-web`, and one without a technical name.
async fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let auth = Authenticator::builder().store(store.clone()).await.unwrap();
    let web = NewKey::new("Web shop", "user")
        .technical_name("web")
        .text("stored-web");
    let other = NewKey::new("Other", "user").text("stored-other");
    auth.create_all([web, other]).await.unwrap();
    store
}

async fn with(keys: EnvironmentKeys) -> Authenticator {
    let builder = Authenticator::builder().environment(keys);
    builder.store(store().await).await.unwrap()
}

async fn verify(auth: &Authenticator, text: &str) -> Result<String, Reason> {
    let key = auth.verify::<&str>(text, &[], None).await;
    key.map(|key| key.name.clone())
}

#[tokio::test]
async fn text_of_the_environment_replaces_the_stored_one() {
    for keys in [
        EnvironmentKeys::new()
            .ini("[api_key_web]\nkey = given\n\n[other]\nkey = x\n")
            .unwrap(),
        EnvironmentKeys::new()
            .ini("# a comment\n[api_key_web]\nuser = 7\nkey:   given  \n")
            .unwrap(),
        EnvironmentKeys::new()
            .toml("[api_key_web]\nkey = ' given '\n[other]\nkey = 5\n")
            .unwrap(),
    ] {
        let auth = with(keys).await;
        assert_eq!(verify(&auth, "given").await.unwrap(), "Web shop");
        assert_eq!(verify(&auth, "stored-web").await, Err(Reason::UnknownKey));
        assert_eq!(verify(&auth, "stored-other").await.unwrap(), "Other");
        assert_eq!(verify(&auth, "x").await, Err(Reason::UnknownKey));
    }
}

#[tokio::test]
async fn quotes_and_backslashes_of_an_ini_text_are_part_of_it() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = \"a\\b;c\"\n")
        .unwrap();
    assert_eq!(
        verify(&with(keys).await, "\"a\\b;c\"").await.unwrap(),
        "Web shop"
    );
}

#[tokio::test]
async fn text_that_was_given_last_counts() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = first\n")
        .unwrap();
    let auth = with(keys.toml("[api_key_web]\nkey = 'second'\n").unwrap()).await;
    assert_eq!(verify(&auth, "second").await.unwrap(), "Web shop");
    assert_eq!(verify(&auth, "first").await, Err(Reason::UnknownKey));
}

#[tokio::test]
async fn empty_section_leaves_its_key_without_a_text_and_no_other() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_nobody]\nkey = lost\n[api_key_web]\nkey =\n")
        .unwrap();
    let auth = with(keys).await;
    assert_eq!(verify(&auth, "stored-web").await, Err(Reason::UnknownKey));
    assert_eq!(verify(&auth, "").await, Err(Reason::MissingKey));
    assert_eq!(verify(&auth, "lost").await, Err(Reason::UnknownKey));
    assert_eq!(verify(&auth, "stored-other").await.unwrap(), "Other");
    // Its key may come later.
    auth.create(NewKey::new("new", "user").technical_name("nobody"))
        .await
        .unwrap();
    assert_eq!(verify(&auth, "lost").await.unwrap(), "new");
}

#[tokio::test]
async fn what_the_store_knows_of_the_key_counts() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = given\n")
        .unwrap();
    let auth = with(keys).await;
    assert_eq!(verify(&auth, "given").await.unwrap(), "Web shop");
    auth.archive("Web shop").await.unwrap();
    assert_eq!(verify(&auth, "given").await, Err(Reason::ArchivedKey));
    auth.unarchive("Web shop").await.unwrap();
    // A rotation changes the text in the store, which does not count here.
    let rotated = auth.rotate("Web shop", Duration::ZERO).await.unwrap();
    assert_eq!(
        verify(&auth, rotated.secret.expose()).await,
        Err(Reason::UnknownKey)
    );
    assert_eq!(verify(&auth, "given").await.unwrap(), "Web shop");
    // Without its technical name the key is known by the store's text again.
    let nameless = KeyUpdate::new().technical_name(None::<String>);
    auth.update("Web shop", nameless).await.unwrap();
    assert_eq!(verify(&auth, "given").await, Err(Reason::UnknownKey));
    assert_eq!(
        verify(&auth, rotated.secret.expose()).await.unwrap(),
        "Web shop"
    );
}

#[tokio::test]
async fn text_of_the_environment_is_found_under_the_pepper() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = given\n")
        .unwrap();
    let builder = Authenticator::builder()
        .pepper(1, "a pepper of 0123456789")
        .environment(keys);
    let auth = builder.store(store().await).await.unwrap();
    assert_eq!(verify(&auth, "given").await.unwrap(), "Web shop");
    assert_eq!(verify(&auth, "stored-other").await.unwrap(), "Other");
}

#[tokio::test]
async fn one_text_for_two_names_is_an_error() {
    let keys = "[api_key_a]\nkey = same\n[api_key_b]\nkey = same\n";
    let builder = Authenticator::builder().environment(EnvironmentKeys::new().ini(keys).unwrap());
    let error = builder.store(store().await).await.unwrap_err();
    let named = |name: &str, holder: &str| (name, holder) == ("b", "a");
    assert!(
        matches!(&error, Error::TextTaken { name, holder } if named(name, holder)),
        "{error}"
    );
}

#[test]
fn unreadable_configuration_is_named_and_not_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.toml");
    std::fs::write(&file, "[api_key_a]\nkey = \"hunter2\n").unwrap();
    let new = EnvironmentKeys::new;
    for (error, named) in [
        (new().ini("[api_key_a]\nhunter2\n\n[b]\n"), "it is no INI"),
        (
            new().toml("[api_key_a]\nkey = hunter2\n"),
            "line 2 is no TOML",
        ),
        (
            new().toml("[api_key_a]\nkey = 5\n"),
            "`key` in [api_key_a] is no string; quote it",
        ),
        (
            new().file(&file),
            "keys.toml cannot be read: line 2 is no TOML",
        ),
        (
            new().file(folder.path().join("none.ini")),
            "none.ini cannot be read: No such file",
        ),
        (
            new().ini("[api_key_a]\nkey = hunter\u{1}2\n"),
            "key \"a\" holds a control character",
        ),
    ] {
        let error = error.unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
        assert!(!error.contains("hunter"), "{error}");
    }
    let keys = new().ini("[api_key_a]\nkey = hunter2\n").unwrap();
    assert_eq!(format!("{keys:?}"), "{\"a\"}");
}

#[tokio::test]
async fn hint_is_that_of_the_text_in_use() {
    let issued = auth_api_key::Secret::issue("env").unwrap();
    assert!(has_valid_checksum(issued.expose()));
    let ini = format!("[api_key_web]\nkey = {}\n", issued.expose());
    let auth = with(EnvironmentKeys::new().ini(&ini).unwrap()).await;
    let key = auth
        .verify::<&str>(issued.expose(), &[], None)
        .await
        .unwrap();
    assert!(key.hint.starts_with("env_…"), "{}", key.hint);
}
