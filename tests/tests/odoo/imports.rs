//! Keys of an Odoo that are copied into a store of our own: by the library, and by the command line.

use std::{
    io::Write,
    process::Stdio,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::OpenError,
    key::KeyFilter,
    odoo::OdooStore,
    store::{EnvironmentKeys, MemoryStore},
};
use futures_util::future::join_all;
use tests::{
    example::command_line, listed, name_of, postgres::Database, sqlite::File, until, verify,
};

use crate::{GOOD, ODOO_16, ODOO_16_SERVER_ENV, ODOO_18, import, listed_groups, odoo, reader};

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
async fn import_does_not_archive_users_of_the_store() {
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
    said(&arguments, &[&databases, variables].concat())
}

/// Whether `auth-api-key` succeeds, and what it prints for people.
fn said(arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
    let (code, printed, told) = printed(arguments, variables, "");
    assert_eq!(printed, "");
    (code == 0, told)
}

/// The exit code of `auth-api-key`, what it prints, and what it says on standard error.
fn printed(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> (i32, String, String) {
    let mut process = command_line()
        .args(arguments)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    // Who reads none has ended already.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test]
async fn command_line_reads_the_keys_of_an_odoo_and_changes_none() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let (url, before) = (database.url(), database.dump());
    let run = |arguments: &[&str], input: &str| {
        printed(&[&["--odoo-url", &url], arguments].concat(), &[], input)
    };
    let (code, list, told) = run(&["list"], "");
    assert_eq!((code, told.as_str()), (0, ""));
    let good = list.lines().find(|line| line.starts_with("good")).unwrap();
    for shown in ["6 api_user", "g1", "active", "unknown"] {
        assert!(good.contains(shown), "{list}");
    }
    let (_, list, _) = run(&["list", "--json", "--group", "g1"], "");
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[0]["login"], "api_user");
    assert_eq!(
        (&list[0]["name"], &list[0]["user"]),
        (&"good".into(), &"6".into())
    );
    let (_, shown, _) = run(&["show", "portal"], "");
    assert!(shown.contains("7 api_portal"), "{shown}");
    assert_eq!(run(&["show", "nobody"], "").0, 3);
    for (text, code, said) in [
        (GOOD, 0, "acting for user 6 api_user"),
        ("archived-user-key", 0, "acting for user 8 api_archived"),
        ("wrong", 4, "no key has this text"),
    ] {
        let (status, said_of_it, _) = run(&["verify"], text);
        assert_eq!(status, code, "{said_of_it}");
        assert!(said_of_it.contains(said), "{said_of_it}");
    }
    let (code, stats, _) = run(&["stats"], "");
    assert_eq!(code, 0);
    assert!(stats.starts_with("keys"), "{stats}");
    assert!(!stats.contains("never used"), "{stats}");
    for command in [&["create", "new", "--user", "6"][..], &["archive", "good"]] {
        let (code, _, told) = run(command, "");
        assert_eq!(code, 2, "{told}");
        assert!(
            told.contains("change the keys of an Odoo in Odoo"),
            "{told}"
        );
    }
    let (code, _, told) = printed(&["list"], &[("DATABASE_URL", &url)], "");
    assert_eq!(code, 1);
    assert!(told.contains("this is the database of an Odoo"), "{told}");
    assert!(told.contains("`--odoo-url`"), "{told}");
    assert_eq!(database.dump(), before);

    // Who may not read logins sees the ids.
    let grants =
        "GRANT SELECT ON auth_api_key, auth_api_key_group, auth_api_key_group_rel TO reader;
        GRANT SELECT (id, active, company_id) ON res_users TO reader";
    let url = reader(&database, grants).await;
    let (code, list, told) = printed(&["--odoo-url", &url, "list"], &[], "");
    assert_eq!(code, 0, "{told}");
    assert!(list.contains(" 6 ") && !list.contains("api_user"), "{list}");
}

#[tokio::test]
async fn import_waits_for_slow_statements() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    // Longer than a server that verifies waits for an answer.
    let slow = "ALTER TABLE auth_api_key RENAME TO keys;
        CREATE VIEW auth_api_key AS SELECT keys.* FROM keys, (SELECT pg_sleep(2.2)) AS slow";
    database.execute(slow).await;
    let auth = Authenticator::builder().build(MemoryStore::new());
    let (created, _) = import(&auth.await.unwrap(), &database).await;
    assert_eq!(created, 9);
}

#[tokio::test]
async fn keys_of_a_slow_server_are_read_with_a_longer_time_limit() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    // Longer than a server that verifies waits for an answer, unless that is set.
    let slow = "ALTER TABLE res_users RENAME TO users;
        CREATE VIEW res_users AS SELECT users.* FROM users, (SELECT pg_sleep(2.2)) AS slow";
    database.execute(slow).await;
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let impatient = Authenticator::builder().build(odoo).await;
    assert!(matches!(impatient, Err(Error::Store(_))), "{impatient:?}");
    let others = async {
        loop {
            database.execute("SELECT txid_current()").await;
        }
    };
    let all_are_decided = async {
        let long = Duration::from_secs(30);
        let odoo = OdooStore::open_within(&database.url(), long).await.unwrap();
        let builder = Authenticator::builder().confirm_within(long);
        let auth = builder.build(odoo).await.unwrap();
        // A caller waits for three seconds. While others write to the database, one question takes as long.
        let wrong = (0..8).map(async |number| {
            let refused = async || name_of(&auth, &format!("wrong-{number}")).await;
            until(refused, Err(Reason::UnknownKey), "others asked, too").await;
        });
        let right = async || name_of(&auth, GOOD).await;
        let right = until(right, Ok("good".to_owned()), "it was given longer");
        tokio::join!(right, join_all(wrong));
    };
    tokio::select! {
        () = all_are_decided => {}
        () = others => {}
    }
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
    let target_url = target.url();
    let no_keys = &["has no tables of this program", "`auth-api-key migrate`"][..];
    let of_an_odoo = &["this is the database of an Odoo", "`--odoo-url`"][..];
    for (url, sayings) in [(&target_url, no_keys), (&odoo, of_an_odoo)] {
        for command in [&["list"][..], &["verify"], &["neutralize", "--yes"]] {
            let (success, told) = said(command, &[("DATABASE_URL", url)]);
            assert!(!success);
            for said in sayings {
                assert!(told.contains(said), "{told}");
            }
        }
    }
    assert_eq!(database.dump(), before);
    let nobody = [("DATABASE_URL", "postgres://user:secret@127.0.0.1:1/keys")];
    let (success, told) = said(&["list"], &nobody);
    assert!(!success && told.contains("Connection refused"), "{told}");
    let before = target.dump();
    // The watch address leads to another database.
    let watched = [
        ("DATABASE_URL", &*target_url),
        ("DATABASE_WATCH_URL", &odoo),
    ];
    for command in [&["migrate"][..], &["neutralize", "--yes"]] {
        let (success, told) = said(command, &watched);
        assert!(
            !success && told.contains("leads to another server, database or schema"),
            "{told}"
        );
    }
    let databases = [("DATABASE_URL", &*target_url), ("ODOO_DATABASE_URL", &odoo)];
    let (success, told) = said(&["import-odoo", "--dry-run"], &databases);
    assert!(
        success && told.contains("9 keys would be imported"),
        "{told}"
    );
    assert_eq!(target.dump(), before);
    let (success, told) = said(&["import-odoo"], &databases);
    assert!(success, "{told}");
    let (success, told) = said(&["import-odoo", "--dry-run"], &databases);
    assert!(
        success && told.contains("0 keys would be imported"),
        "{told}"
    );
}

#[tokio::test]
async fn command_line_imports_an_odoo_after_a_yes() {
    let Some(database) = odoo(ODOO_16).await else {
        return;
    };
    let file = File::temporary();
    let url = database.url();
    for (arguments, done) in [
        (
            &["--dry-run"][..],
            "9 keys would be imported (2 of them are archived, or their users are), 5 skipped",
        ),
        (
            &[],
            "9 keys imported (2 of them are archived, or their users are), 5 skipped",
        ),
        (
            &[],
            "0 keys imported (0 of them are archived, or their users are), 14 skipped",
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
