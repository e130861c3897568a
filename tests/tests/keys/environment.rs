//! Keys whose texts come from a configuration and not from the store.

use std::{fs, time::Duration};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::StateError,
    key::{KeyUpdate, has_valid_checksum},
    store::{EnvironmentKeys, MemoryStore},
};
use tests::{Log, name_of};

/// A store with a key `web` whose text is `stored-web`, and one without a technical name.
async fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    let web = NewKey::new("Web shop", "user")
        .technical_name("web")
        .text("stored-web");
    let other = NewKey::new("Other", "user").text("stored-other");
    auth.keys().create_all([web, other]).await.unwrap();
    store
}

async fn with(keys: EnvironmentKeys) -> Authenticator {
    let builder = Authenticator::builder().environment(keys);
    builder.build(store().await).await.unwrap()
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
        assert_eq!(name_of(&auth, "given").await.unwrap(), "Web shop");
        assert_eq!(name_of(&auth, "stored-web").await, Err(Reason::UnknownKey));
        assert_eq!(name_of(&auth, "stored-other").await.unwrap(), "Other");
        assert_eq!(name_of(&auth, "x").await, Err(Reason::UnknownKey));
    }
}

#[tokio::test]
async fn quotes_and_backslashes_of_an_ini_text_are_part_of_it() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = \"a\\b;c\"\n")
        .unwrap();
    assert_eq!(
        name_of(&with(keys).await, "\"a\\b;c\"").await.unwrap(),
        "Web shop"
    );
}

/// As people write it: with values over several lines, comments and single `%`.
const ODOO_CONF: &str = "\
[options]
addons_path =
    /opt/odoo/addons,
    # those of our own
    /opt/odoo/custom

    ,/opt/odoo/oca
admin_passwd = $pbkdf2-sha512$50%
db_filter: ^%d$

; per stage
[DEFAULT]
stage = test

[api_key_web]
key = %(stage)s-50%%
";

#[tokio::test]
async fn configuration_of_an_odoo_is_read_as_odoo_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odoo.conf");
    for mark in ["", "\u{feff}"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{mark}{}", ODOO_CONF.replace('\n', end));
            fs::write(&path, &text).unwrap();
            let mut read = vec![EnvironmentKeys::new().file(&path).unwrap()];
            if end != "\r" {
                read.push(EnvironmentKeys::new().ini(&text).unwrap());
            }
            for keys in read {
                let auth = with(keys).await;
                assert_eq!(name_of(&auth, "test-50%").await.unwrap(), "Web shop");
                assert_eq!(name_of(&auth, "stored-web").await, Err(Reason::UnknownKey));
            }
        }
    }
}

#[tokio::test]
async fn byte_order_mark_of_toml_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.toml");
    let text = "\u{feff}[api_key_web]\r\nkey = '50%'\r\n";
    fs::write(&path, text).unwrap();
    for keys in [
        EnvironmentKeys::new().file(&path).unwrap(),
        EnvironmentKeys::new().toml(text).unwrap(),
    ] {
        let auth = with(keys).await;
        assert_eq!(name_of(&auth, "50%").await.unwrap(), "Web shop");
    }
}

#[test]
fn line_that_python_does_not_understand_is_refused_by_its_number() {
    for (text, line, problem) in [
        (
            "[options]\nlist_db\n[api_key_web]\nkey = hunter2\n",
            2,
            "neither `[section]` nor",
        ),
        (
            "[api_key_web]\nhunter2\n\n[b]\n",
            2,
            "neither `[section]` nor",
        ),
        (
            "# keys\n\n[api_key_web\nkey = hunter2\n",
            3,
            "before all sections",
        ),
        (
            "[a]\n[api_key_web\nkey = hunter2\n",
            2,
            "neither `[section]` nor",
        ),
        ("key = hunter2\n[api_key_web]\n", 1, "before all sections"),
        ("[a]\n= hunter2\n", 2, "write `name = value`"),
        (
            "[api_key_web]\nkey = hunter2\nkey: hunter3\n",
            3,
            "line 2 gives this option",
        ),
        (
            "[DEFAULT]\nx=1\n[DEFAULT]\nx=hunter2\n",
            4,
            "line 2 gives this option",
        ),
        (
            "[api_key_web]\nkey = hunter2\n[b]\n[api_key_web]\n",
            4,
            "line 1 begins this section",
        ),
        (
            "[a]\r\nx = 1\r\n\u{feff}[api_key_web]\r\n",
            3,
            "neither `[section]` nor",
        ),
        ("[api_key_web]\nuser = 7\nkey = hunter2%\n", 3, "write `%%`"),
        ("[api_key_web]\nkey = %(hunter2\n", 2, "write `%%`"),
        (
            "[api_key_web]\nkey = x%(hunter2)s\n",
            2,
            "neither this section nor [DEFAULT] has",
        ),
        (
            "[DEFAULT]\na = hunter2%\n[api_key_web]\nkey = %(a)s\n",
            2,
            "write `%%`",
        ),
        ("[api_key_web]\nkey = %(key)s\n", 2, "leads back here"),
        (
            "[api_key_web]\nkey = hunter2\n  hunter3\n",
            2,
            "write it on one",
        ),
        ("[auth_api_key]\nkey = hunter2\n", 2, "one text to all keys"),
    ] {
        let Err(error) = EnvironmentKeys::new().ini(text) else {
            panic!("{text:?} was read");
        };
        let error = error.to_string();
        let named = format!("the keys in the INI text cannot be read: line {line}: ");
        assert!(error.starts_with(&named), "{text:?}: {error}");
        assert!(error.contains(problem), "{text:?}: {error}");
        assert!(!error.contains("hunter"), "{error}");
    }
}

#[test]
fn file_that_is_not_utf8_is_refused_by_the_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, line) in [
        (
            "keys.ini",
            &b"[api_key_web]\r\nkey = hunter2\xe9\r\n"[..],
            2,
        ),
        ("keys.ini", b"[a]\r[api_key_web]\rkey = hunter2\xe9\r", 3),
        ("keys.toml", b"[api_key_web]\nkey = 'hunter2\xe9'\n", 2),
        ("keys.ini", b"\xff\xfe[\0a\0", 1),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let error = EnvironmentKeys::new().file(&path).unwrap_err().to_string();
        let problem = format!("{name} cannot be read: line {line}: it is not UTF-8; save");
        assert!(error.contains(&problem), "{error}");
        assert!(!error.contains("hunter"), "{error}");
    }
}

#[tokio::test]
async fn value_refers_to_what_an_earlier_source_gives() {
    let keys = EnvironmentKeys::new().ini("[DEFAULT]\npart = given\n[api_key_web]\nx = 1\n");
    let keys = keys.unwrap().ini("[api_key_web]\nkey = %(part)s-%(x)s\n");
    let keys = keys.unwrap();
    assert_eq!(
        name_of(&with(keys.clone()).await, "given-1").await.unwrap(),
        "Web shop"
    );
    let keys = keys.ini("[api_key_web]\nx = 2\n").unwrap();
    assert_eq!(
        name_of(&with(keys).await, "given-2").await.unwrap(),
        "Web shop"
    );
}

#[tokio::test]
async fn section_that_gives_no_key_a_text_is_reported() {
    for (text, reported) in [
        (
            "\n[api_key_wbe]\nkey = hunter2\n",
            "the INI text, line 3: no key has the technical name \"wbe\"",
        ),
        (
            "[api_keys_web]\nkey = hunter2\n",
            "line 1: [api_keys_web] is not a section of a key: did you mean [api_key_web]?",
        ),
        (
            "[API_KEY_web]\nkey = hunter2\n",
            "did you mean [api_key_web]?",
        ),
        (
            "[api_key.web]\nkey = hunter2\n",
            "did you mean [api_key_web]?",
        ),
        (
            "[auth_api_key.web]\nkey = hunter2\n",
            "did you mean [api_key_web]?",
        ),
        (
            "[api_kye_web]\nkey = hunter2\n",
            "did you mean [api_key_web]?",
        ),
        (
            "[ api_key_web ]\nkey = hunter2\n",
            "did you mean [api_key_web]?",
        ),
        (
            "[apikey-web]\nkey = hunter2\n",
            "did you mean [api_key_web]?",
        ),
        ("[api_keys]\nkey = hunter2\n", "did you mean [api_key_…]?"),
        (
            "[api_key_web] ; see [1]\nkey = hunter2\n",
            "no key has the technical name \"web] ; see [1\"",
        ),
        (
            "[options]\nx = 1\n  [api_key_web]\n  key = hunter2\n",
            "line 3: [api_key_web] is indented, and so part of the value above it",
        ),
        (
            "[api_key_web]\nKey = hunter2\n",
            "line 1: the section [api_key_web] has no `key`, so the key keeps the text in the store: \
             write `key = …`, in lower case",
        ),
        (
            "[api_key_web]key = hunter2\n",
            "the section [api_key_web] has no `key`",
        ),
        (
            "[api_key_web]\rkey = hunter2\r",
            "the section [api_key_web] has no `key`",
        ),
    ] {
        let keys = EnvironmentKeys::new().ini(text).unwrap();
        let (log, auth) = Log::of(with(keys)).await;
        assert!(log.contains(reported), "{text:?}: {log}");
        assert!(!log.contains("hunter"), "{log}");
        assert_eq!(name_of(&auth, "stored-web").await.unwrap(), "Web shop");
    }
    let toml = "[api_keys_web]\nkey = 'hunter2'\n[api_key_wbe]\nkey = 'hunter2'\n";
    let (log, _) = Log::of(with(EnvironmentKeys::new().toml(toml).unwrap())).await;
    assert!(log.contains("did you mean [api_key_web]?"), "{log}");
    assert!(
        log.contains("no key has the technical name \"wbe\""),
        "{log}"
    );

    let empty = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey =\n")
        .unwrap();
    let (log, _) = Log::of(with(empty)).await;
    assert!(
        log.contains("line 2: the text of the key \"web\" is empty"),
        "{log}"
    );
    let nothing = "[options]\napi_keys = 1\n[queue_job]\nkey = 1\n[api_key_web]\nkey = x\n";
    let nothing = EnvironmentKeys::new().ini(nothing).unwrap();
    let (log, _) = Log::of(with(nothing)).await;
    assert!(!log.contains("WARN"), "{log}");
}

#[tokio::test]
async fn text_that_was_given_last_counts() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = first\n")
        .unwrap();
    let auth = with(keys.toml("[api_key_web]\nkey = 'second'\n").unwrap()).await;
    assert_eq!(name_of(&auth, "second").await.unwrap(), "Web shop");
    assert_eq!(name_of(&auth, "first").await, Err(Reason::UnknownKey));
}

#[tokio::test]
async fn empty_section_leaves_its_key_without_a_text_and_no_other() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_nobody]\nkey = lost\n[api_key_web]\nkey =\n")
        .unwrap();
    let auth = with(keys).await;
    assert_eq!(name_of(&auth, "stored-web").await, Err(Reason::UnknownKey));
    assert_eq!(name_of(&auth, "").await, Err(Reason::MissingKey));
    assert_eq!(name_of(&auth, "lost").await, Err(Reason::UnknownKey));
    assert_eq!(name_of(&auth, "stored-other").await.unwrap(), "Other");
    // Its key may come later.
    auth.keys()
        .create(NewKey::new("new", "user").technical_name("nobody"))
        .await
        .unwrap();
    assert_eq!(name_of(&auth, "lost").await.unwrap(), "new");
}

#[tokio::test]
async fn what_the_store_knows_of_the_key_counts() {
    let keys = EnvironmentKeys::new()
        .ini("[api_key_web]\nkey = given\n")
        .unwrap();
    let auth = with(keys).await;
    assert_eq!(name_of(&auth, "given").await.unwrap(), "Web shop");
    auth.keys().archive("Web shop").await.unwrap();
    assert_eq!(name_of(&auth, "given").await, Err(Reason::ArchivedKey));
    auth.keys().unarchive("Web shop").await.unwrap();
    // A rotation changes the text in the store, which does not count here.
    let rotated = auth
        .keys()
        .rotate("Web shop", Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(
        name_of(&auth, rotated.secret.expose()).await,
        Err(Reason::UnknownKey)
    );
    assert_eq!(name_of(&auth, "given").await.unwrap(), "Web shop");
    // Without its technical name the key is known by the store's text again.
    let nameless = KeyUpdate::new().technical_name(None::<String>);
    auth.keys().update("Web shop", nameless).await.unwrap();
    assert_eq!(name_of(&auth, "given").await, Err(Reason::UnknownKey));
    assert_eq!(
        name_of(&auth, rotated.secret.expose()).await.unwrap(),
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
    let auth = builder.build(store().await).await.unwrap();
    assert_eq!(name_of(&auth, "given").await.unwrap(), "Web shop");
    assert_eq!(name_of(&auth, "stored-other").await.unwrap(), "Other");
}

#[tokio::test]
async fn one_text_for_two_names_is_an_error() {
    let keys = "[api_key_a]\nkey = same\n[api_key_b]\nkey = same\n";
    let builder = Authenticator::builder().environment(EnvironmentKeys::new().ini(keys).unwrap());
    let error = builder.build(store().await).await.unwrap_err();
    let named = |name: &str, holder: &str| (name, holder) == ("b", "a");
    assert!(
        matches!(&error, Error::State(StateError::TextTaken { name, holder }) if named(name, holder)),
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
        (
            new().toml("[api_key_a]\nkey = hunter2\n"),
            "line 2 is not TOML",
        ),
        (
            new().toml("[api_key_a]\nkey = 5\n"),
            "`key` in [api_key_a] is not a string; quote it",
        ),
        (
            new().file(&file),
            "keys.toml cannot be read: line 2 is not TOML",
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
    let issued = auth_api_key::key::Secret::issue("env").unwrap();
    assert!(has_valid_checksum(issued.expose()));
    let ini = format!("[api_key_web]\nkey = {}\n", issued.expose());
    let auth = with(EnvironmentKeys::new().ini(&ini).unwrap()).await;
    let key = auth.verify(issued.expose(), &[], None).await.unwrap();
    assert!(key.hint.to_string().starts_with("env_…"), "{}", key.hint);
}

#[tokio::test]
async fn invisible_character_is_refused_by_its_number_and_a_mark_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let (ini, toml) = (
        folder.path().join("keys.ini"),
        folder.path().join("keys.toml"),
    );
    for unseen in ["\u{200b}", "\u{feff}", "\u{2060}"] {
        fs::write(
            &ini,
            format!("\u{feff}[api_key_web]\nkey = hunter{unseen}2\n"),
        )
        .unwrap();
        fs::write(
            &toml,
            format!("\u{feff}[api_key_web]\nkey = '{unseen}hunter2'\n"),
        )
        .unwrap();
        for path in [&ini, &toml] {
            let error = EnvironmentKeys::new().file(path).unwrap_err().to_string();
            let character = unseen.chars().next().unwrap();
            let named = format!("U+{:04X}", u32::from(character));
            assert!(
                error.contains("\"web\"") && error.contains(&named),
                "{error}"
            );
            assert!(!error.contains("hunter"), "{error}");
        }
    }
}
