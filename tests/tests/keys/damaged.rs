//! Rows that were changed by hand so that they cannot be read: each is one bad key, and nothing else.

use std::{collections::BTreeSet, time::Duration};

use auth_api_key::{
    Authenticator, Error, NewKey, Reason,
    error::StateError,
    key::{KeyFilter, KeyUpdate, Paging},
};
use serde_json::Map;
use tests::{Log, cluster::Shared, listed, name_of, over_each_database, until};

over_each_database! {
    row_that_cannot_be_read_is_one_bad_key
    update_repairs_what_cannot_be_read
    address_without_a_prefix_is_a_network_of_one
    database_refuses_networks_that_nobody_could_read
}

/// Lets rows be written that could not be written any more.
fn unchecked(shared: &Shared) -> &'static str {
    match shared {
        Shared::File(_) => "DROP TRIGGER api_key_checked_updated;",
        Shared::Server(_) => "ALTER TABLE api_key DROP CONSTRAINT api_key_networks_are_readable;",
    }
}

/// What makes columns of the key `bad` unreadable, each by itself.
fn damages(shared: &Shared) -> Vec<(&'static str, String)> {
    let mut damages = vec![
        ("networks", "networks = '[\"everywhere\"]'".to_owned()),
        ("networks", "networks = '[7, null]'".to_owned()),
        (
            "networks",
            "networks = '[\"10.0.0.0/8\", \"10.0.0.0/33\"]'".to_owned(),
        ),
        ("metadata", "metadata = '{\"seats\": 1e400}'".to_owned()),
        (
            "metadata",
            format!(
                "metadata = '{{\"deep\": {}{}}}'",
                "[".repeat(200),
                "]".repeat(200)
            ),
        ),
    ];
    if let Shared::File(_) = shared {
        damages.push(("metadata", "metadata = '{seats: 1,}'".to_owned()));
        damages.push((
            "technical_name",
            "technical_name = CAST(x'ff' AS TEXT)".to_owned(),
        ));
    }
    damages
}

async fn two_keys(shared: &Shared) -> Authenticator {
    let (auth, _) = shared.node().await;
    for name in ["bad", "good"] {
        let key = NewKey::new(name, "user").text(name).groups(["shop"]);
        auth.keys().create(key).await.unwrap();
    }
    shared.execute(unchecked(shared)).await;
    auth
}

async fn damage(shared: &Shared, auth: &Authenticator, change: &str) {
    let sql = format!("UPDATE api_key SET {change} WHERE name = 'bad'");
    shared.execute(&sql).await;
    let refused = Err(Reason::UnreadableKey);
    until(async || name_of(auth, "bad").await, refused, change).await;
}

async fn row_that_cannot_be_read_is_one_bad_key(shared: Shared) {
    let auth = two_keys(&shared).await;
    for (column, change) in damages(&shared) {
        let (log, ()) = Log::of(damage(&shared, &auth, &change)).await;
        assert!(
            log.contains(&format!("`{column}` cannot be read")),
            "{change}: {log}"
        );
        assert_eq!(name_of(&auth, "good").await.unwrap(), "good", "{change}");

        let keys = listed(&auth, &KeyFilter::new()).await;
        let [bad, good] = &keys[..] else {
            panic!("{keys:?}")
        };
        let columns: BTreeSet<_> = bad.damages.iter().map(|damage| damage.column).collect();
        assert_eq!(columns, BTreeSet::from([column]), "{change}");
        assert_eq!(good.damages, [], "{change}");
        assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 2);
        let groups = auth.groups().list(&Paging::new()).await.unwrap();
        assert_eq!(groups.items[0].keys, 2);

        let update = KeyUpdate::new().metadata(Map::from_iter([("a".into(), 1.into())]));
        auth.keys().update("good", update).await.unwrap();
        auth.users().archive("user").await.unwrap();
        auth.users().unarchive("user").await.unwrap();
        let archived = auth.keys().archive("bad").await.unwrap();
        assert!(!archived.active, "{change}");
        auth.keys().unarchive("bad").await.unwrap();
        assert_eq!(
            name_of(&auth, "bad").await,
            Err(Reason::UnreadableKey),
            "{change}"
        );
        assert_eq!(name_of(&auth, "good").await.unwrap(), "good", "{change}");

        auth.keys().delete("bad").await.unwrap();
        assert_eq!(
            name_of(&auth, "bad").await,
            Err(Reason::UnknownKey),
            "{change}"
        );
        let key = NewKey::new("bad", "user").text("bad").groups(["shop"]);
        auth.keys().create(key).await.unwrap();
    }
}

/// SQLite keeps any bytes.
#[tokio::test]
async fn key_whose_name_cannot_be_read_is_called_by_its_number() {
    let shared = Shared::file();
    let auth = two_keys(&shared).await;
    let keys = auth.keys();
    let key = |name| NewKey::new(name, "user").text(name);
    keys.create_all(["a", "worse", "z"].map(key)).await.unwrap();
    let all = KeyFilter::new();
    let names = async |filter: &KeyFilter| -> Vec<String> {
        let keys = listed(&auth, filter).await;
        keys.into_iter().map(|key| key.name).collect()
    };
    let ids: Vec<i64> = listed(&auth, &all).await.iter().map(|key| key.id).collect();
    damage(&shared, &auth, "name = CAST(x'6261ff' AS TEXT)").await;
    shared
        .execute("UPDATE api_key SET name = CAST(x'fe' AS TEXT) WHERE name = 'worse'")
        .await;
    let (bad, worse) = (format!("#{}", ids[1]), format!("#{}", ids[3]));
    // In the order of their bytes, also where one of them ends a page.
    let expected = ["a", &bad, "good", "z", &worse];
    for size in [1, 2, 3, 50] {
        assert_eq!(names(&all.clone().size(size)).await, expected, "{size}");
    }
    let found = keys.get(&bad).await.unwrap().unwrap();
    let problem = &found.damages[0].problem;
    let said = format!("is not UTF-8; the key is called \"{bad}\" until it is renamed");
    assert!(problem.contains(&said), "{problem}");
    // A key whose name can be read is found only by its name.
    assert_eq!(keys.get(&format!("#{}", ids[0])).await.unwrap(), None);

    assert!(!keys.archive(&bad).await.unwrap().active);
    assert!(keys.unarchive(&bad).await.unwrap().active);
    auth.groups().remove("shop", &bad).await.unwrap();
    let rotated = keys.rotate(&bad, Duration::ZERO).await.unwrap();
    let text = rotated.secret.expose();
    assert_eq!(name_of(&auth, text).await, Err(Reason::UnreadableKey));
    let error = keys.update(&bad, KeyUpdate::new().networks([])).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("`name` cannot be read"), "{error}");
    let renamed = KeyUpdate::new().name("mended");
    assert_eq!(keys.update(&bad, renamed).await.unwrap().damages, []);
    assert_eq!(name_of(&auth, text).await.unwrap(), "mended");
    keys.delete(&worse).await.unwrap();
    assert_eq!(names(&all).await, ["a", "good", "mended", "z"]);
}

#[tokio::test]
async fn damaged_row_is_named_in_the_log_once() {
    let shared = Shared::file();
    let auth = two_keys(&shared).await;
    let (log, ()) = Log::of(async {
        damage(&shared, &auth, "networks = '[7]'").await;
        for _ in 0..3 {
            assert_eq!(name_of(&auth, "bad").await, Err(Reason::UnreadableKey));
        }
        shared
            .execute("UPDATE api_key SET networks = '[8]' WHERE name = 'bad'")
            .await;
        // Once it is noticed, the row has been read again.
        shared
            .execute("UPDATE api_key SET active = FALSE WHERE name = 'good'")
            .await;
        until(
            async || name_of(&auth, "good").await,
            Err(Reason::ArchivedKey),
            "that",
        )
        .await;
        assert_eq!(name_of(&auth, "bad").await, Err(Reason::UnreadableKey));
    })
    .await;
    assert_eq!(log.matches("cannot be read: repair or").count(), 1, "{log}");
    assert!(
        log.contains("7 is neither a network nor an address"),
        "{log}"
    );
}

async fn update_repairs_what_cannot_be_read(shared: Shared) {
    let auth = two_keys(&shared).await;
    for (column, change) in damages(&shared) {
        damage(&shared, &auth, &change).await;
        let renamed = KeyUpdate::new().name("worse");
        let error = auth.keys().update("bad", renamed).await.unwrap_err();
        let Error::State(StateError::UnreadableKey {
            name,
            column: named,
            ..
        }) = &error
        else {
            panic!("{error:?}")
        };
        assert_eq!((name.as_str(), *named), ("bad", column), "{error}");
        assert_eq!(name_of(&auth, "bad").await, Err(Reason::UnreadableKey));

        let update = match column {
            "networks" => KeyUpdate::new().networks([]),
            "metadata" => KeyUpdate::new().metadata(Map::new()),
            _ => KeyUpdate::new().technical_name(None::<String>),
        };
        let mended = auth.keys().update("bad", update).await.unwrap();
        assert_eq!(mended.damages, [], "{change}");
        assert_eq!(name_of(&auth, "bad").await.unwrap(), "bad", "{change}");
    }
}

async fn address_without_a_prefix_is_a_network_of_one(shared: Shared) {
    let auth = two_keys(&shared).await;
    let by_hand =
        "UPDATE api_key SET networks = '[\"192.0.2.7\", \"2001:db8::7\"]' WHERE name = 'bad'";
    shared.execute(by_hand).await;
    let from = async |address: &str| {
        let address = Some(address.parse().unwrap());
        auth.verify("bad", &[], address).await.map(|_| ())
    };
    until(
        async || from("192.0.2.8").await,
        Err(Reason::ForbiddenNetwork),
        by_hand,
    )
    .await;
    assert_eq!(from("192.0.2.7").await, Ok(()));
    assert_eq!(from("2001:db8::7").await, Ok(()));
    assert_eq!(from("2001:db8::8").await, Err(Reason::ForbiddenNetwork));
}

async fn database_refuses_networks_that_nobody_could_read(shared: Shared) {
    let (auth, _) = shared.node().await;
    auth.keys()
        .create(NewKey::new("key", "user").text("key"))
        .await
        .unwrap();
    for networks in [
        "[\"everywhere\"]",
        "[7]",
        "[null]",
        "[\"\"]",
        "[[\"10.0.0.0/8\"]]",
    ] {
        let sql = format!("UPDATE api_key SET networks = '{networks}'");
        shared.try_execute(&sql).await.expect_err(networks);
        let sql = format!(
            "INSERT INTO api_key (name, user_id, networks) VALUES ('other', 'user', '{networks}')"
        );
        shared.try_execute(&sql).await.expect_err(networks);
    }
    for networks in [
        "[]",
        "[\"10.0.0.0/8\", \"192.0.2.7\", \"2001:db8::/32\", \"::ffff:1.2.3.4\"]",
    ] {
        let sql = format!("UPDATE api_key SET networks = '{networks}'");
        shared.try_execute(&sql).await.expect(networks);
        assert_eq!(auth.keys().get("key").await.unwrap().unwrap().damages, []);
    }
}
