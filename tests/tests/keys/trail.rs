//! The trail: each change leaves one event, in its transaction, whoever makes it; and nothing else does.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator, Error, NewKey,
    error::{InputError, StateError},
    key::{Cursor, KeyUpdate, Paging, TrailEvent, TrailFilter},
    store::{Change, KeyStore as _, MemoryStore, copy},
};
use serde_json::{Value, json};
use tests::{Log, cluster::Shared, over_each_database, until};

over_each_database! {
    change_through_a_handle_leaves_one_event_of_each_key_and_group
    rotation_in_two_changes_leaves_an_event_of_each
    change_by_hand_leaves_an_event
    change_by_hand_leaves_a_line_in_the_log_of_a_node
    what_changes_nothing_leaves_no_event
    change_that_fails_in_the_middle_leaves_no_event
    change_whose_event_cannot_be_written_is_not_made
    no_event_has_a_text_or_a_digest
    trail_is_listed_by_key_actor_and_time_page_by_page
    trail_that_is_pruned_says_so
    program_of_the_version_before_leaves_events
}

/// All events, the newest first.
async fn events(auth: &Authenticator) -> Vec<TrailEvent> {
    trail(auth, &TrailFilter::new().size(Paging::MAX_SIZE)).await
}

async fn trail(auth: &Authenticator, filter: &TrailFilter) -> Vec<TrailEvent> {
    auth.maintenance().trail(filter).await.unwrap().items
}

async fn auth(shared: &Shared) -> Authenticator {
    Authenticator::connect(&shared.url()).await.unwrap()
}

/// The parts of an event: its action, what it is about, and what is different.
fn told(event: &TrailEvent) -> (String, String, Value) {
    let of = [&event.key_name, &event.group, &event.user];
    let of = of.into_iter().flatten().next().cloned();
    let changed = Value::Object(event.changed.clone());
    (event.action.clone(), of.unwrap_or_default(), changed)
}

/// The events of what is done, the oldest first.
async fn of<T>(
    auth: &Authenticator,
    done: impl Future<Output = T>,
) -> Vec<(String, String, Value)> {
    let before = events(auth).await.first().map_or(0, |event| event.id);
    done.await;
    let mut new = events(auth).await;
    new.retain(|event| event.id > before);
    new.reverse();
    new.iter().map(told).collect()
}

fn event(action: &str, of: &str, changed: Value) -> (String, String, Value) {
    (action.to_owned(), of.to_owned(), changed)
}

async fn change_through_a_handle_leaves_one_event_of_each_key_and_group(shared: Shared) {
    let auth = auth(&shared).await;
    let keys = auth.keys().acting_as("alice");
    let groups = auth.groups().acting_as("alice");
    let users = auth.users().acting_as("alice");
    let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(4_102_444_800);
    let create = [
        NewKey::new("a", "user")
            .text("swordfish")
            .groups(["shop", "erp"]),
        NewKey::new("b", "user")
            .prefix("shop")
            .expires_at(expiry)
            .networks(["10.0.0.0/8".parse().unwrap()]),
    ];
    let mut issued = String::new();
    let created = of(&auth, async {
        let created = keys.create_all(create).await.unwrap();
        issued = created[1].record.hint.to_string();
    });
    let mut created = created.await;
    // The groups and the keys, in an order that each database has for itself.
    created.sort_by_key(|(action, of, _)| (action.clone(), of.clone()));
    let given = "";
    assert_eq!(
        created,
        [
            event(
                "created",
                "a",
                json!({
                    "user": {"from": null, "to": "user"}, "groups": {"added": ["erp", "shop"]},
                    "texts": {"added": [given]},
                })
            ),
            event(
                "created",
                "b",
                json!({
                    "user": {"from": null, "to": "user"}, "networks": {"from": [], "to": ["10.0.0.0/8"]},
                    "expires_at": {"from": null, "to": "2100-01-01T00:00:00Z"}, "texts": {"added": [issued]},
                })
            ),
            event("group created", "erp", json!({})),
            event("group created", "shop", json!({})),
        ]
    );
    let plan = json!({"seats": null});
    let update = KeyUpdate::new()
        .name("c")
        .groups(["erp", "new"])
        .user("other")
        .metadata_from(&plan)
        .unwrap();
    let updated = of(&auth, async { keys.update("a", update).await.unwrap() }).await;
    assert_eq!(
        updated,
        [
            event(
                "updated",
                "c",
                json!({
                    "name": {"from": "a", "to": "c"}, "user": {"from": "user", "to": "other"},
                    "metadata": {"from": {}, "to": {"seats": null}},
                    "groups": {"removed": ["shop"], "added": ["new"]},
                })
            ),
            event("group created", "new", json!({})),
        ]
    );
    let mut hint = String::new();
    let rotated = of(&auth, async {
        let rotated = keys.rotate("c", Duration::from_secs(60)).await.unwrap();
        hint = rotated.record.hint.to_string();
    });
    let rotated = rotated.await;
    assert_eq!(rotated.len(), 1, "{rotated:?}");
    assert_eq!(
        (rotated[0].0.as_str(), rotated[0].1.as_str()),
        ("rotated", "c")
    );
    let texts = &rotated[0].2["texts"];
    assert_eq!(texts["added"], json!([hint]));
    assert_eq!(texts["ending"][0]["text"], given);
    assert!(
        texts["ending"][0]["at"].as_str().unwrap().ends_with('Z'),
        "{texts}"
    );
    // The overlap ends now.
    let ended = of(&auth, async {
        keys.rotate("c", Duration::ZERO).await.unwrap()
    })
    .await;
    let removed = ended[0].2["texts"]["removed"].as_array().unwrap();
    assert_eq!(removed.len(), 2, "{ended:?}");
    for (done, action, of_what, changed) in [
        (
            of(&auth, async { drop(keys.archive("c").await.unwrap()) }).await,
            "archived",
            "c",
            json!({"active": {"from": true, "to": false}}),
        ),
        (
            of(&auth, async { drop(keys.unarchive("c").await.unwrap()) }).await,
            "unarchived",
            "c",
            json!({"active": {"from": false, "to": true}}),
        ),
        (
            of(&auth, async {
                groups.put("erp", "Enterprise").await.unwrap()
            })
            .await,
            "group updated",
            "erp",
            json!({"name": {"from": "", "to": "Enterprise"}}),
        ),
        (
            of(&auth, async { groups.put("spare", "Spare").await.unwrap() }).await,
            "group created",
            "spare",
            json!({"name": {"from": "", "to": "Spare"}}),
        ),
        (
            of(&auth, async {
                drop(groups.add("spare", "c").await.unwrap())
            })
            .await,
            "updated",
            "c",
            json!({"groups": {"added": ["spare"]}}),
        ),
        (
            of(&auth, async {
                drop(groups.remove("spare", "c").await.unwrap())
            })
            .await,
            "updated",
            "c",
            json!({"groups": {"removed": ["spare"]}}),
        ),
        (
            of(&auth, async { drop(users.archive("user").await.unwrap()) }).await,
            "user archived",
            "user",
            json!({}),
        ),
        (
            of(&auth, async {
                drop(users.unarchive("user").await.unwrap())
            })
            .await,
            "user unarchived",
            "user",
            json!({}),
        ),
        (
            of(&auth, async { drop(keys.delete("c").await.unwrap()) }).await,
            "deleted",
            "c",
            json!({
                "user": {"from": "other", "to": null}, "metadata": {"from": {"seats": null}, "to": null},
                "groups": {"removed": ["erp", "new"]},
            }),
        ),
    ] {
        assert_eq!(done, [event(action, of_what, changed)]);
    }
    groups.add("erp", "b").await.unwrap();
    let deleted = of(&auth, async { groups.delete("erp").await.unwrap() }).await;
    assert_eq!(
        deleted,
        [
            event("updated", "b", json!({"groups": {"removed": ["erp"]}})),
            event(
                "group deleted",
                "erp",
                json!({"name": {"from": "Enterprise", "to": ""}})
            ),
        ]
    );
    let neutralized = of(&auth, async {
        let store = shared.store().await;
        store
            .change(&Change::Neutralize, Some("alice"))
            .await
            .unwrap();
    });
    assert_eq!(
        neutralized.await,
        [event(
            "archived",
            "b",
            json!({"active": {"from": true, "to": false}, "texts": {"removed": [issued]}})
        )]
    );
    for event in events(&auth).await {
        assert_eq!(event.actor.as_deref(), Some("alice"), "{event:?}");
        let by_hand = event.session_user.as_deref() == Some("sql");
        assert!(!by_hand, "{event:?}");
        assert_eq!(
            event.session_user.is_some(),
            matches!(shared, Shared::Server(_)),
            "{event:?}"
        );
    }
}

/// As the command line rotates.
async fn rotation_in_two_changes_leaves_an_event_of_each(shared: Shared) {
    let auth = auth(&shared).await;
    let keys = auth.keys().acting_as("alice");
    let expiry = SystemTime::now() + Duration::from_secs(3600);
    let key = NewKey::new("a", "user").expires_at(expiry);
    let old = keys.create(key).await.unwrap().record.hint.to_string();
    for is_lost in [true, false] {
        let mut new = String::new();
        let rotated = of(&auth, async {
            let rotation = keys.begin_rotation("a").await.unwrap();
            new = rotation.created().record.hint.to_string();
            let ended = match is_lost {
                true => rotation.undo().await,
                false => rotation.finish(Duration::ZERO).await,
            };
            ended.unwrap();
        });
        let rotated = rotated.await;
        let what: Vec<_> = rotated
            .iter()
            .map(|(action, of, _)| [action.as_str(), of.as_str()])
            .collect();
        assert_eq!(what, [["rotated", "a"], ["updated", "a"]]);
        let [begun, ended] = [&rotated[0].2, &rotated[1].2];
        assert_eq!(*begun, json!({"texts": {"added": [new]}}));
        let removed = if is_lost { &new } else { &old };
        assert_eq!(ended["texts"]["removed"], json!([removed]));
        assert_eq!(ended.get("expires_at").is_some(), !is_lost, "{ended}");
    }
    let actors = events(&auth).await.into_iter().map(|event| event.actor);
    assert!(
        actors
            .into_iter()
            .all(|actor| actor.as_deref() == Some("alice"))
    );
}

async fn change_by_hand_leaves_an_event(shared: Shared) {
    let auth = auth(&shared).await;
    let keys = auth.keys().acting_as("alice");
    keys.create(NewKey::new("a", "user").text("a").groups(["shop"]))
        .await
        .unwrap();
    keys.create(NewKey::new("b", "other").text("b"))
        .await
        .unwrap();
    let text = match shared {
        Shared::File(_) => "randomblob(32)",
        Shared::Server(_) => "sha256('c')",
    };
    let digest = match shared {
        Shared::File(_) => "zeroblob(32)",
        Shared::Server(_) => "sha256('d')",
    };
    for (change, action, of_what) in [
        (
            "UPDATE api_key SET active = FALSE WHERE name = 'a'",
            "archived",
            "a",
        ),
        (
            "UPDATE api_key SET active = TRUE WHERE name = 'a'",
            "unarchived",
            "a",
        ),
        (
            "UPDATE api_key SET expires_at = 1 WHERE name = 'a'",
            "updated",
            "a",
        ),
        (
            "UPDATE api_key SET networks = '[\"10.0.0.0/8\"]' WHERE name = 'a'",
            "updated",
            "a",
        ),
        (
            "UPDATE api_key SET metadata = '{\"x\": 1}' WHERE name = 'a'",
            "updated",
            "a",
        ),
        (
            "UPDATE api_key SET technical_name = 'a' WHERE name = 'a'",
            "updated",
            "a",
        ),
        (
            "UPDATE api_key SET user_id = 'other' WHERE name = 'a'",
            "updated",
            "a",
        ),
        (
            "UPDATE api_key SET name = 'c' WHERE name = 'a'",
            "updated",
            "c",
        ),
        (
            "UPDATE api_key_secret SET valid_until = 1 WHERE key_id = 1",
            "updated",
            "c",
        ),
        (
            &format!("UPDATE api_key_secret SET digest = {digest} WHERE key_id = 1"),
            "rotated",
            "c",
        ),
        (
            &format!(
                "INSERT INTO api_key_secret (key_id, digest, pepper_version, hint) VALUES (1, {text}, 0, 'x')"
            ),
            "rotated",
            "c",
        ),
        (
            "DELETE FROM api_key_secret WHERE hint = 'x'",
            "updated",
            "c",
        ),
        (
            "DELETE FROM api_key_group_member WHERE key_id = 1",
            "updated",
            "c",
        ),
        (
            "INSERT INTO api_key_group_member (group_id, key_id) VALUES (1, 1)",
            "updated",
            "c",
        ),
        ("UPDATE api_key_group_member SET key_id = 2", "updated", "b"),
        (
            "INSERT INTO api_key_group (code) VALUES ('erp')",
            "group created",
            "erp",
        ),
        (
            "UPDATE api_key_group SET code = 'new' WHERE code = 'erp'",
            "group updated",
            "new",
        ),
        (
            "DELETE FROM api_key_group WHERE code = 'new'",
            "group deleted",
            "new",
        ),
        (
            "INSERT INTO api_key_user (id, active) VALUES ('third', FALSE)",
            "user archived",
            "third",
        ),
        (
            "UPDATE api_key_user SET active = TRUE WHERE id = 'third'",
            "user unarchived",
            "third",
        ),
        (
            "DELETE FROM api_key_user WHERE id = 'third'",
            "user deleted",
            "third",
        ),
        (
            "INSERT INTO api_key (name, user_id) VALUES ('d', 'user')",
            "created",
            "d",
        ),
        ("DELETE FROM api_key WHERE name = 'd'", "deleted", "d"),
    ] {
        let events = of(&auth, shared.execute(change)).await;
        let last = events
            .last()
            .unwrap_or_else(|| panic!("no event: {change}"));
        assert_eq!(
            (last.0.as_str(), last.1.as_str()),
            (action, of_what),
            "{change}: {events:?}"
        );
        let newest = &self::events(&auth).await[0];
        let session = match shared {
            Shared::File(_) => "sql",
            Shared::Server(_) => tests::postgres::USER,
        };
        assert_eq!(newest.session_user.as_deref(), Some(session), "{change}");
        assert_eq!(newest.actor, None, "{change}");
    }
    match &shared {
        Shared::File(_) => {
            let replaced =
                shared.execute("REPLACE INTO api_key (name, user_id) VALUES ('c', 'user')");
            let replaced = of(&auth, replaced).await;
            let replaced: Vec<_> = replaced
                .iter()
                .map(|(action, of, _)| (action.as_str(), of.as_str()))
                .collect();
            assert_eq!(replaced, [("deleted", "c"), ("created", "c")]);
        }
        Shared::Server(_) => {
            let truncated = of(&auth, shared.execute("TRUNCATE api_key_group_member")).await;
            assert_eq!(
                truncated,
                [event(
                    "truncated",
                    "",
                    json!({"table": "api_key_group_member"})
                )]
            );
            // One event of a key for a transaction, whatever it does.
            let many = "BEGIN; UPDATE api_key SET expires_at = 2 WHERE name = 'c';
                        UPDATE api_key SET expires_at = 3000 WHERE name = 'c';
                        UPDATE api_key SET active = FALSE WHERE name = 'c'; COMMIT";
            let many = of(&auth, shared.execute(many)).await;
            let time = |millis| format!("1970-01-01T00:00:0{millis}Z");
            assert_eq!(
                many,
                [event(
                    "archived",
                    "c",
                    json!({
                        "active": {"from": true, "to": false},
                        "expires_at": {"from": time("0.001"), "to": time("3")},
                    })
                )]
            );
        }
    }
}

async fn change_by_hand_leaves_a_line_in_the_log_of_a_node(shared: Shared) {
    let log = Log::of_process();
    let begin = log.text().len();
    let of = shared.database();
    let name = format!("seen in the log of {of}");
    shared_with_a_key_before(&shared, &name).await;
    let auth = auth(&shared).await;
    let lines = |said: &str| {
        let text = log.after(begin);
        let lines = text.lines();
        lines
            .filter(|line| line.contains(said) && line.contains(&name))
            .count()
    };
    let update = |what: &str| format!("UPDATE api_key SET {what} WHERE name = '{name}'");
    shared.execute(&update("active = FALSE")).await;
    until(async || lines(" archived by hand "), 1, "the first").await;
    // The program says by itself what it does.
    auth.keys().unarchive(&name).await.unwrap();
    auth.keys().rotate(&name, Duration::ZERO).await.unwrap();
    shared.execute(&update("expires_at = 1")).await;
    until(async || lines(" updated by hand "), 1, "the second").await;
    assert_eq!(lines("by hand"), 2);
    assert_eq!((lines(" unarchived "), lines(" rotated ")), (1, 1));

    let many = format!(
        "INSERT INTO api_key_group (code) WITH RECURSIVE n (i) AS
             (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 101) SELECT '{name} ' || i FROM n"
    );
    shared.execute(&many).await;
    until(async || lines(" group created by hand "), 100, "many").await;
    log.until("more was changed by hand").await;
}

/// What was done before a node began is in the trail alone.
async fn shared_with_a_key_before(shared: &Shared, name: &str) {
    let auth = auth(shared).await;
    auth.keys().create(NewKey::new(name, "user")).await.unwrap();
    drop(auth);
    let before = format!("UPDATE api_key SET metadata = '{{\"before\": 1}}' WHERE name = '{name}'");
    shared.execute(&before).await;
}

async fn what_changes_nothing_leaves_no_event(shared: Shared) {
    let auth = auth(&shared).await;
    auth.keys()
        .create(NewKey::new("a", "user").text("a").groups(["shop"]))
        .await
        .unwrap();
    tests::verify(&auth, "a").await.unwrap();
    auth.flush().await;
    let nothing = of(&auth, async {
        auth.keys()
            .update("a", KeyUpdate::new().groups(["shop"]))
            .await
            .unwrap();
        auth.keys().unarchive("a").await.unwrap();
        auth.groups().put("shop", "").await.unwrap();
        auth.groups().add("shop", "a").await.unwrap();
        auth.users().unarchive("user").await.unwrap();
        auth.keys()
            .create(NewKey::new("a", "user"))
            .await
            .unwrap_err();
        auth.keys().delete("b").await.unwrap_err();
        shared
            .execute("UPDATE api_key SET name = name; UPDATE api_key_use SET used_at = 1")
            .await;
    });
    assert_eq!(nothing.await, []);
}

/// Has a change end in its middle, at each table that it comes to.
async fn fail_at(shared: &Shared, table: &str) {
    shared
        .execute(&match shared {
            Shared::File(_) => format!(
                "CREATE TRIGGER fault AFTER INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'a fault'); END"
            ),
            Shared::Server(_) => format!(
                "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN RAISE EXCEPTION 'a fault'; END $$;
                 CREATE TRIGGER zz_fault AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fault()"
            ),
        })
        .await;
}

async fn repair(shared: &Shared) {
    shared
        .execute(match shared {
            Shared::File(_) => "DROP TRIGGER fault",
            Shared::Server(_) => "DROP FUNCTION fault CASCADE",
        })
        .await;
}

async fn change_that_fails_in_the_middle_leaves_no_event(shared: Shared) {
    let auth = auth(&shared).await;
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    for table in [
        "api_key",
        "api_key_secret",
        "api_key_group",
        "api_key_group_member",
    ] {
        fail_at(&shared, table).await;
        let failed = of(&auth, async {
            let keys = ["b", "c"].map(|name| NewKey::new(name, "user").groups(["new"]));
            auth.keys().create_all(keys).await.unwrap_err();
        });
        assert_eq!(failed.await, [], "{table}");
        let failed = of(&auth, async {
            match table {
                "api_key_secret" => {
                    drop(auth.keys().rotate("a", Duration::ZERO).await.unwrap_err())
                }
                "api_key" => {}
                _ => {
                    let update = KeyUpdate::new().name("b").groups(["new"]);
                    auth.keys().update("a", update).await.unwrap_err();
                }
            }
        });
        assert_eq!(failed.await, [], "{table}");
        repair(&shared).await;
    }
    // The last of many is the one that is not taken.
    let keys = (0..1500).map(|number| NewKey::new(format!("many-{number}"), "user"));
    let failed = of(&auth, async {
        auth.keys()
            .create_all(keys.chain([NewKey::new("a", "user")]))
            .await
            .unwrap_err();
    });
    assert_eq!(failed.await, []);
    assert!(
        auth.keys()
            .get("a")
            .await
            .unwrap()
            .is_some_and(|key| key.active)
    );
    // Nobody acts any more whose change was rolled back.
    shared.execute("UPDATE api_key SET active = FALSE").await;
    assert_eq!(events(&auth).await[0].actor, None);
}

async fn change_whose_event_cannot_be_written_is_not_made(shared: Shared) {
    let auth = auth(&shared).await;
    auth.keys()
        .create(NewKey::new("a", "user").text("a"))
        .await
        .unwrap();
    fail_at(&shared, "api_key_event").await;
    auth.keys().archive("a").await.unwrap_err();
    auth.keys().delete("a").await.unwrap_err();
    auth.groups().put("new", "").await.unwrap_err();
    shared
        .try_execute("UPDATE api_key SET active = FALSE")
        .await
        .unwrap_err();
    repair(&shared).await;
    assert!(auth.keys().get("a").await.unwrap().unwrap().active);
    assert_eq!(auth.groups().list(&Paging::new()).await.unwrap().items, []);
}

async fn no_event_has_a_text_or_a_digest(shared: Shared) {
    let auth = auth(&shared).await;
    let keys = auth.keys();
    let mut texts = vec!["swordfish that was given".to_owned()];
    keys.create(NewKey::new("given", "user").text(&texts[0]))
        .await
        .unwrap();
    for name in ["a", "b"] {
        let created = keys.create(NewKey::new(name, "user")).await.unwrap();
        let rotated = keys.rotate(name, Duration::from_secs(60)).await.unwrap();
        texts.extend([created, rotated].map(|key| key.secret.expose().to_owned()));
    }
    let (hex, events) = match &shared {
        Shared::File(_) => (
            "hex(digest)",
            "json_group_array(changed || coalesce(hint, '') || coalesce(key_name, ''))",
        ),
        Shared::Server(_) => ("encode(digest, 'hex')", "string_agg(e::text, ' ')"),
    };
    let digests = shared
        .texts(&format!("SELECT {hex} FROM api_key_secret"))
        .await;
    shared.execute("UPDATE api_key_secret SET valid_until = 5; DELETE FROM api_key_secret WHERE key_id = 2").await;
    keys.delete("b").await.unwrap();
    let written = shared
        .texts(&format!("SELECT {events} FROM api_key_event e"))
        .await
        .remove(0);
    let written = written + &format!("{:?}", self::events(&auth).await);
    assert!(written.contains("texts"), "{written}");
    for secret in texts.iter().chain(&digests) {
        // The last four characters are seen of an issued one.
        for part in [&secret[4..12], &secret[4..secret.len() - 4]] {
            let found = written.to_lowercase().contains(&part.to_lowercase());
            assert!(!found, "{part} in {written}");
        }
    }
}

async fn trail_is_listed_by_key_actor_and_time_page_by_page(shared: Shared) {
    let auth = auth(&shared).await;
    for (actor, name) in [("alice", "a"), ("bob", "b")] {
        let keys = auth.keys().acting_as(actor);
        keys.create(NewKey::new(name, "user").text(name))
            .await
            .unwrap();
        for _ in 0..3 {
            keys.archive(name).await.unwrap();
            keys.unarchive(name).await.unwrap();
        }
    }
    let keys = auth.keys().acting_as("carol");
    keys.update("a", KeyUpdate::new().name("renamed"))
        .await
        .unwrap();
    let number = async |filter: TrailFilter| trail(&auth, &filter).await.len();
    assert_eq!(number(TrailFilter::new()).await, 15);
    assert_eq!(number(TrailFilter::new().actor("bob")).await, 7);
    for name in ["a", "renamed"] {
        assert_eq!(number(TrailFilter::new().key(name)).await, 8, "{name}");
    }
    // Another key takes the name, and then has the events.
    keys.create(NewKey::new("a", "user")).await.unwrap();
    assert_eq!(number(TrailFilter::new().key("a")).await, 1);
    keys.delete("a").await.unwrap();
    assert_eq!(number(TrailFilter::new().key("a")).await, 2);
    assert_eq!(
        number(TrailFilter::new().key("renamed").actor("carol")).await,
        1
    );
    assert_eq!(number(TrailFilter::new().action("archived")).await, 6);
    let archived = TrailFilter::new().action("archived").actor("bob");
    assert_eq!(number(archived.key("b")).await, 3);
    for nobody in ["nobody", "\0"] {
        assert_eq!(number(TrailFilter::new().key(nobody)).await, 0);
        assert_eq!(number(TrailFilter::new().actor(nobody)).await, 0);
        assert_eq!(number(TrailFilter::new().action(nobody)).await, 0);
    }
    let all = events(&auth).await;
    let walk = async |filter: TrailFilter| {
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let filter = filter.clone().size(2).after(after);
            let page = auth.maintenance().trail(&filter).await.unwrap();
            walked.extend(page.items);
            match page.next {
                None => return walked,
                next => after = next,
            }
        }
    };
    assert_eq!(walk(TrailFilter::new()).await, all);
    let archived = walk(TrailFilter::new().action("archived")).await;
    assert_eq!(archived.len(), 6);
    assert!(archived.is_sorted_by(|newer, older| newer.id > older.id));
    let mut oldest_first = walk(TrailFilter::new().oldest_first()).await;
    oldest_first.reverse();
    assert_eq!(oldest_first, all);
    // Times of their own.
    shared
        .execute("UPDATE api_key_event SET at = id * 1000")
        .await;
    let at =
        |event: usize| SystemTime::UNIX_EPOCH + Duration::from_secs(all[event].id.unsigned_abs());
    for filter in [TrailFilter::new(), TrailFilter::new().oldest_first()] {
        assert_eq!(walk(filter.clone().since(at(4))).await.len(), 5);
        assert_eq!(walk(filter.since(at(0) + Duration::from_secs(1))).await, []);
    }
    let other = TrailFilter::new().after(Cursor::Name("a".to_owned()));
    let error = auth.maintenance().trail(&other).await.unwrap_err();
    assert!(
        matches!(error, Error::Input(InputError::UnusableCursor { .. })),
        "{error}"
    );
}

async fn trail_that_is_pruned_says_so(shared: Shared) {
    let auth = auth(&shared).await;
    let keys =
        (0..3).map(|number| NewKey::new(number.to_string(), "user").text(number.to_string()));
    auth.keys().create_all(keys).await.unwrap();
    let generation = "SELECT CAST(value AS text) FROM api_key_generation";
    let before = shared.texts(generation).await;
    let maintenance = auth.maintenance().acting_as("alice");
    let year = Duration::from_secs(365 * 24 * 60 * 60);
    assert_eq!(
        maintenance.prune(SystemTime::now() - year).await.unwrap(),
        0
    );
    assert_eq!(events(&auth).await.len(), 3);
    shared
        .execute("UPDATE api_key_event SET at = 1 WHERE key_name <> '2'")
        .await;
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    assert_eq!(maintenance.prune(time).await.unwrap(), 2);
    let [pruned, kept] = events(&auth).await.try_into().unwrap();
    assert_eq!(kept.key_name.as_deref(), Some("2"));
    let changed = json!({"events": {"removed": 2}, "before": {"to": "1970-01-01T00:00:01Z"}});
    assert_eq!(told(&pruned), event("pruned", "", changed));
    assert_eq!(pruned.actor.as_deref(), Some("alice"));
    assert_eq!(
        shared.texts(generation).await,
        before,
        "the trail moves the generation"
    );
}

/// As a program that knows only the first two migrations: it does not say who acts, and gives no
/// `renewed_at`.
async fn program_of_the_version_before_leaves_events(shared: Shared) {
    let node = auth(&shared).await;
    let schema = "SELECT CAST(compatible_from AS text) FROM api_key_schema WHERE version = 3";
    assert_eq!(shared.texts(schema).await, ["2"]);
    let digest = match shared {
        Shared::File(_) => "zeroblob(32)",
        Shared::Server(_) => "sha256('a')",
    };
    let change = format!(
        "BEGIN;
         INSERT INTO api_key_user (id) VALUES ('user') ON CONFLICT DO NOTHING;
         INSERT INTO api_key (name, technical_name, user_id, networks, metadata, expires_at, active, created_at)
             VALUES ('a', NULL, 'user', '[]', '{{}}', 4102444800000, TRUE, 4094668800000)
             ON CONFLICT DO NOTHING;
         INSERT INTO api_key_group (code) VALUES ('shop') ON CONFLICT DO NOTHING;
         INSERT INTO api_key_group_member (group_id, key_id)
             SELECT g.id, k.id FROM api_key_group g, api_key k WHERE TRUE ON CONFLICT DO NOTHING;
         INSERT INTO api_key_secret (key_id, digest, pepper_version, prefix, hint)
             SELECT id, {digest}, 0, 'key', 'abcd' FROM api_key WHERE TRUE ON CONFLICT DO NOTHING;
         COMMIT"
    );
    shared.execute(&change).await;
    let mut actions: BTreeMap<String, usize> = BTreeMap::new();
    for event in events(&node).await {
        *actions.entry(event.action).or_default() += 1;
    }
    assert_eq!(actions["created"], 1, "{actions:?}");
    assert_eq!(actions["group created"], 1, "{actions:?}");
    let key = node.keys().get("a").await.unwrap().unwrap();
    let days = Duration::from_secs(90 * 24 * 60 * 60);
    assert_eq!((key.lifetime(), key.renewed_at), (Some(days), None));
    // And on: the one changes what the other made.
    let rotated = node.keys().rotate("a", Duration::ZERO).await.unwrap();
    assert!(tests::verify(&node, rotated.secret.expose()).await.is_ok());
    assert_eq!(events(&node).await[0].action, "rotated");
}

#[tokio::test]
async fn copy_carries_the_trail_and_adds_nothing_to_it() {
    let mut pairs = vec![(Shared::file(), Shared::file())];
    if let (Some(one), Some(other)) = (Shared::server().await, Shared::server().await) {
        pairs.extend([(Shared::file(), one), (other, Shared::file())]);
    }
    for (from, to) in pairs {
        let auth = auth(&from).await;
        let keys = auth.keys().acting_as("alice");
        // More keys than events.
        let many = (0..10).map(|number| NewKey::new(number.to_string(), "user"));
        keys.create_all(many).await.unwrap();
        auth.maintenance()
            .prune(SystemTime::now() + Duration::from_secs(1))
            .await
            .unwrap();
        keys.create(NewKey::new("a", "user").groups(["shop"]))
            .await
            .unwrap();
        keys.create(NewKey::new("b", "user")).await.unwrap();
        keys.rotate("b", Duration::from_secs(60)).await.unwrap();
        keys.delete("a").await.unwrap();
        copy(&from.url(), &to.url(), None, |_| {}).await.unwrap();
        let there = self::auth(&to).await;
        assert_eq!(events(&there).await, events(&auth).await);
        // And what has come since.
        keys.archive("b").await.unwrap();
        copy(&from.url(), &to.url(), None, |_| {}).await.unwrap();
        assert_eq!(events(&there).await, events(&auth).await);
        // From now on it has events of its own.
        there.keys().unarchive("b").await.unwrap();
        let newest = &events(&there).await[0];
        assert_eq!(
            (newest.action.as_str(), newest.id),
            ("unarchived", events(&auth).await[0].id + 1)
        );
    }
}

#[tokio::test]
async fn name_that_no_line_of_a_trail_can_show_is_refused() {
    let shared = Shared::file();
    let auth = auth(&shared).await;
    for actor in ["", " ", "a\nb", "\0", &"x".repeat(251)] {
        let keys = auth.keys().acting_as(actor);
        let error = keys.create(NewKey::new("a", "user")).await.unwrap_err();
        assert!(
            matches!(error, Error::Input(InputError::UnusableActor { .. })),
            "{error}"
        );
        let maintenance = auth.maintenance().acting_as(actor);
        maintenance.prune(SystemTime::now()).await.unwrap_err();
    }
    assert_eq!(events(&auth).await, []);
    let longest = "x".repeat(250);
    auth.keys()
        .acting_as(&longest)
        .create(NewKey::new("a", "user"))
        .await
        .unwrap();
    assert_eq!(events(&auth).await[0].actor, Some(longest));
}

#[tokio::test]
async fn store_in_memory_says_that_it_has_no_trail() {
    let auth = Authenticator::builder()
        .build(MemoryStore::new())
        .await
        .unwrap();
    let keys = auth.keys().acting_as("alice");
    keys.create(NewKey::new("a", "user")).await.unwrap();
    let error = auth
        .maintenance()
        .trail(&TrailFilter::new())
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoTrail)),
        "{error}"
    );
    let error = auth
        .maintenance()
        .prune(SystemTime::now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::NoTrail)),
        "{error}"
    );
}
