//! Keys of an Odoo that are copied into a store of our own: by the library, and by the command line.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::OpenError,
    key::KeyFilter,
    odoo::OdooStore,
    store::{EnvironmentKeys, MemoryStore},
};
use tests::{example::cargo_run, listed, name_of, postgres::Database, sqlite::File, verify};

use crate::{GOOD, ODOO_16, ODOO_16_SERVER_ENV, ODOO_18, import, listed_groups, odoo};

#[tokio::test]
async fn imported_keys_go_on_working_and_a_second_import_changes_nothing() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = Authenticator::builder()
        .pepper(1, "cayenne-0123456789")
        .build(MemoryStore::new())
        .await
        .unwrap();
    auth.keys()
        .create(NewKey::new("portal", "x").text("another"))
        .await
        .unwrap();
    auth.keys()
        .create(NewKey::new("mine", "x").text("admin-key-XYZ"))
        .await
        .unwrap();
    let unusable = [
        (2, "its text is that of key \"mine\""),
        (3, "another key has its name"),
        (6, "its text is that of key \"dup_a\""),
        (8, "its text begins or ends with a blank"),
        (20, "its text is not in ASCII"),
        (21, "its text is empty"),
        (23, "its text holds a control character"),
    ];
    let unusable: Vec<_> = unusable.map(|(id, why)| (id, why.to_owned())).into();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let preview = auth
        .maintenance()
        .preview_odoo_import(&odoo, None)
        .await
        .unwrap();
    assert_eq!((preview.created.len(), preview.skipped.len()), (7, 7));
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 2);
    let (created, skipped) = import(&auth, &database).await;
    assert_eq!((created, &skipped), (7, &unusable));

    let good = auth.verify(GOOD, &["g1"], None).await.unwrap();
    assert_eq!(
        (good.user.as_str(), good.hint.to_string().as_str()),
        ("6", "")
    );
    assert_eq!(
        good.created_at,
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_387_400_587)
    );
    assert_eq!(name_of(&auth, "dup-key").await.unwrap(), "dup_a");
    assert_eq!(verify(&auth, "nl-key").await, Err(Reason::UnknownKey));
    for text in ["archived-user-key", "su-key"] {
        assert_eq!(verify(&auth, text).await, Err(Reason::ArchivedUser));
    }
    auth.flush().await;
    let groups = listed_groups(&auth).await;
    let groups: Vec<_> = groups
        .iter()
        .map(|group| (&*group.code, &*group.name))
        .collect();
    assert_eq!(groups, [("g1", "Group 1")]);
    auth.groups().put("g1", "Ours").await.unwrap();
    let before = listed(&auth, &KeyFilter::new()).await;
    let (created, skipped) = import(&auth, &database).await;
    assert_eq!(created, 0);
    assert_eq!(listed_groups(&auth).await[0].name, "Ours");
    let there = |(_, why): &&(i64, String)| why == "it is there already";
    assert_eq!(skipped.iter().filter(there).count(), 7);
    assert_eq!(listed(&auth, &KeyFilter::new()).await, before);
}

#[tokio::test]
async fn archived_key_is_imported_as_archived() {
    let Some(database) = odoo(ODOO_18).await else {
        return;
    };
    database
        .execute("UPDATE res_users SET active = false WHERE id = 8")
        .await;
    let auth = Authenticator::builder()
        .build(MemoryStore::new())
        .await
        .unwrap();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let imported = auth.maintenance().import_odoo(&odoo, None).await.unwrap();
    assert_eq!(imported.created, {
        let mut keys = listed(&auth, &KeyFilter::new()).await;
        keys.sort_by_key(|key| key.id);
        keys
    });
    for (text, expected) in [
        ("archived-key", Err(Reason::ArchivedKey)),
        ("act-key", Err(Reason::ArchivedUser)),
        ("c2-key", Ok("c2 key".to_owned())),
    ] {
        assert_eq!(name_of(&auth, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn import_archives_no_user_of_the_store() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let auth = Authenticator::builder().build(MemoryStore::new()).await;
    let auth = auth.unwrap();
    auth.keys()
        .create(NewKey::new("mine", "8").text("mine"))
        .await
        .unwrap();
    import(&auth, &database).await;
    assert_eq!(name_of(&auth, "mine").await.unwrap(), "mine");
    let archived = verify(&auth, "archived-user-key").await;
    assert_eq!(archived, Err(Reason::ArchivedKey));
}

#[tokio::test]
async fn technical_names_and_given_texts_are_imported() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let auth = Authenticator::builder()
        .build(MemoryStore::new())
        .await
        .unwrap();
    let taken = NewKey::new("mine", "x").technical_name("plain_key");
    auth.keys().create(taken).await.unwrap();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let unknown = auth.maintenance().import_odoo(&odoo, None).await;
    assert!(
        matches!(unknown, Err(Error::Open(OpenError::MissingEnvironment))),
        "{unknown:?}"
    );
    let environment = EnvironmentKeys::new()
        .ini("[api_key_nokey]\nkey = also-given\n[api_key_env_empty]\nkey =\n")
        .unwrap();
    let imported = auth
        .maintenance()
        .import_odoo(&odoo, Some(&environment))
        .await
        .unwrap();
    let key = verify(&auth, "also-given").await.unwrap();
    assert_eq!(key.technical_name.as_deref(), Some("nokey"));
    assert_eq!(verify(&auth, "db-key-3").await, Err(Reason::UnknownKey));
    assert_eq!(imported.created.len(), 2, "{imported:?}");
    let plain = imported
        .skipped
        .iter()
        .find(|skipped| skipped.id == 2)
        .unwrap();
    assert_eq!(
        plain.reason.to_string(),
        "key \"mine\" has its technical name"
    );
}

/// Whether `auth-api-key import-odoo` succeeds, and what it prints for people.
fn import_odoo(file: &File, odoo: &str, arguments: &[&str]) -> (bool, String) {
    import_odoo_with(file, odoo, arguments, &[])
}

/// As [`import_odoo`], in an environment with these variables.
fn import_odoo_with(
    file: &File,
    odoo: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (bool, String) {
    let url = file.url();
    let databases = [("DATABASE_URL", &*url), ("ODOO_DATABASE_URL", odoo)];
    let arguments = [&["import-odoo"], arguments].concat();
    command_line(&arguments, &[&databases, variables].concat())
}

/// Whether `auth-api-key` succeeds, and what it prints for people.
fn command_line(arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
    let output = cargo_run(&["-p", "auth-api-key", "--features", "cli,odoo,postgres"])
        .arg("--")
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    (
        output.status.success(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test]
async fn command_line_leaves_a_database_without_keys_as_it_is() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let Some(target) = Database::new().await else {
        return;
    };
    let (odoo, before) = (database.url(), database.dump());
    for command in [&["list"][..], &["verify"], &["neutralize", "--yes"]] {
        let (success, told) = command_line(command, &[("DATABASE_URL", &odoo)]);
        assert!(!success);
        for said in [
            "there are no keys in postgres:localhost",
            "`auth-api-key migrate`",
        ] {
            assert!(told.contains(said), "{told}");
        }
    }
    assert_eq!(database.dump(), before);
    let nobody = [("DATABASE_URL", "postgres://user:secret@127.0.0.1:1/keys")];
    let (success, told) = command_line(&["list"], &nobody);
    assert!(!success && told.contains("Connection refused"), "{told}");
    let (target_url, before) = (target.url(), target.dump());
    // The watch address leads to another database.
    let watched = [
        ("DATABASE_URL", &*target_url),
        ("DATABASE_WATCH_URL", &odoo),
    ];
    for command in [&["migrate"][..], &["neutralize", "--yes"]] {
        let (success, told) = command_line(command, &watched);
        assert!(
            !success && told.contains("leads to another server, database or schema"),
            "{told}"
        );
    }
    let databases = [("DATABASE_URL", &*target_url), ("ODOO_DATABASE_URL", &odoo)];
    let (success, told) = command_line(&["import-odoo", "--dry-run"], &databases);
    assert!(
        success && told.contains("9 keys would be imported"),
        "{told}"
    );
    assert_eq!(target.dump(), before);
    let (success, told) = command_line(&["import-odoo"], &databases);
    assert!(success, "{told}");
    let (success, told) = command_line(&["import-odoo", "--dry-run"], &databases);
    assert!(
        success && told.contains("0 keys would be imported"),
        "{told}"
    );
}

#[tokio::test]
async fn command_line_imports_an_odoo_once_it_is_told_to() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let file = File::temporary();
    let url = database.url();
    for (arguments, done) in [
        (
            &["--dry-run"][..],
            "9 keys would be imported (2 of them archived, or their users are), 5 skipped",
        ),
        (
            &[],
            "9 keys imported (2 of them archived, or their users are), 5 skipped",
        ),
        (
            &[],
            "0 keys imported (0 of them archived, or their users are), 14 skipped",
        ),
    ] {
        let (success, told) = import_odoo(&file, &url, arguments);
        assert!(success, "{told}");
        assert!(told.ends_with(&format!("{done}\n")), "{told}");
        assert!(told.contains("its text is that of key \"dup_a\""), "{told}");
        assert!(!told.contains("dup-key"), "{told}");
        assert_eq!(file.path().exists(), arguments.is_empty());
    }
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    assert_eq!(name_of(&auth, "admin-key-XYZ").await.unwrap(), "admin key");
}

#[tokio::test]
async fn command_line_asks_for_what_the_module_server_env_configures() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let file = File::temporary();
    let (success, told) = import_odoo(&file, &database.url(), &[]);
    assert!(!success && told.contains("--server-env FILE"), "{told}");
    let config = file.folder().join("odoo.conf");
    let text = "[api_key_server_env_key]\nkey = key-from-environment\n";
    std::fs::write(&config, text).unwrap();
    let arguments = ["--server-env", config.to_str().unwrap()];
    let (success, told) = import_odoo(&file, &database.url(), &arguments);
    assert!(success, "{told}");
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    assert_eq!(
        name_of(&auth, "key-from-environment").await.unwrap(),
        "Server Env Key"
    );
    assert_eq!(verify(&auth, "db-key-1").await, Err(Reason::UnknownKey));
}

#[tokio::test]
async fn command_line_imports_nothing_with_a_configuration_that_it_does_not_understand() {
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let file = File::temporary();
    let config = file.folder().join("odoo.conf");
    let arguments = ["--server-env", config.to_str().unwrap()];
    for (text, named) in [
        (
            "[options]\nlist_db\n[api_key_server_env_key]\nkey = hunter2\n",
            "odoo.conf cannot be read: line 2: ",
        ),
        (
            "[api_key_server_env_key]\nkey = hunter2%\n",
            "odoo.conf cannot be read: line 2: ",
        ),
    ] {
        std::fs::write(&config, text).unwrap();
        let (success, told) = import_odoo(&file, &database.url(), &arguments);
        assert!(!success && told.contains(named), "{told}");
        assert!(!told.contains("hunter"), "{told}");
        let auth = Authenticator::connect(&file.url()).await.unwrap();
        assert!(listed(&auth, &KeyFilter::new()).await.is_empty());
    }
}

#[tokio::test]
async fn command_line_reads_a_configuration_in_the_order_of_odoo_and_reports_its_strange_sections()
{
    let Some(database) = odoo(ODOO_16_SERVER_ENV).await else {
        return;
    };
    let file = File::temporary();
    let config = file.folder().join("odoo.conf");
    let text = "[options]\naddons_path = a,\n    b\n[api_key_server_env_key]\nkey = %(text)s\n\
                [api_key_nokey]\nkey = of-the-file\n[api_key_nobody]\nkey = lost\n\
                [api_keys_plain_key]\nkey = lost, too\n";
    std::fs::write(&config, text).unwrap();
    let arguments = ["--server-env", config.to_str().unwrap()];
    let variables = [
        (
            "SERVER_ENV_CONFIG",
            "[api_key_nokey]\nkey = of-the-variable",
        ),
        ("SERVER_ENV_CONFIG_SECRET", "[DEFAULT]\ntext = referred"),
    ];
    let (success, told) = import_odoo_with(&file, &database.url(), &arguments, &variables);
    assert!(success, "{told}");
    for warning in [
        "odoo.conf, line 9: no key has the technical name \"nobody\"",
        "odoo.conf, line 10: [api_keys_plain_key] is not a section of a key",
    ] {
        assert!(told.contains(warning), "{told}");
    }
    assert!(!told.contains("lost"), "{told}");
    let auth = Authenticator::connect(&file.url()).await.unwrap();
    assert_eq!(name_of(&auth, "referred").await.unwrap(), "Server Env Key");
    assert_eq!(name_of(&auth, "of-the-variable").await.unwrap(), "nokey");
    for text in ["db-key-1", "of-the-file", "lost"] {
        assert_eq!(verify(&auth, text).await, Err(Reason::UnknownKey));
    }
}
