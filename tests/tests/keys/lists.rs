//! Lists of keys, groups and users over each store: what filters select, in which order, and page by
//! page.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator, Error, NewKey,
    error::{InputError, StateError},
    key::{Cursor, Group, KeyFilter, KeyOrder, KeyRecord, KeyState, KeyUpdate, Page, Paging, User},
    store::Lookup,
};
use serde_json::json;
use tests::{GatedStore, cluster::Shared, listed, over_each_store};

const HOUR: Duration = Duration::from_secs(3600);

over_each_store! {
    each_condition_selects_its_keys
    filter_finds_a_text_in_names_and_hints_as_it_is_written
    names_are_ordered_by_their_bytes
    keys_are_ordered_by_last_use_after_keys_never_used
    pages_have_each_key_once_while_others_are_created_and_deleted
    condition_of_many_keys_selects_all_of_them
    lists_follow_each_change_of_their_keys
    cursor_of_another_order_is_an_error_that_names_it
    page_has_the_size_that_was_asked_for_within_bounds
    groups_and_users_are_listed_with_the_number_of_their_keys
    updated_key_is_in_its_new_groups_and_acts_for_its_new_user
    update_that_fails_changes_neither_groups_nor_user
    use_within_a_minute_of_the_last_is_not_noted_again
}

fn names(keys: &[KeyRecord]) -> Vec<&str> {
    keys.iter().map(|key| key.name.as_str()).collect()
}

/// Keys with several states, users and groups; some were used.
async fn fill(auth: &Authenticator, store: &GatedStore) {
    let now = SystemTime::now();
    let keys = [
        NewKey::new("active", "user-1").groups(["shop", "erp"]),
        NewKey::new("archived", "user-1")
            .groups(["shop"])
            .archived(),
        NewKey::new("expired", "user-2").expires_at(now - HOUR),
        NewKey::new("expiring", "user-2")
            .groups(["erp"])
            .expires_at(now + HOUR),
        NewKey::new("of archived user", "user-3").groups(["shop"]),
        NewKey::new("over and archived", "user-2")
            .expires_at(now - HOUR)
            .archived(),
    ];
    let created = auth.keys().create_all(keys).await.unwrap();
    auth.users().archive("user-3").await.unwrap();
    let used = [(0, now - 3 * HOUR), (2, now - HOUR), (4, now - 2 * HOUR)];
    let used = used.map(|(at, time)| (created[at].record.id, time));
    store.record_uses(&used).await.unwrap();
}

async fn each_condition_selects_its_keys(auth: Authenticator, store: GatedStore) {
    fill(&auth, &store).await;
    let now = SystemTime::now();
    let all = KeyFilter::new;
    for (filter, expected) in [
        (all().user("user-1"), &["active", "archived"][..]),
        (all().user("nobody"), &[]),
        (
            all().group("shop"),
            &["active", "archived", "of archived user"],
        ),
        (all().group("nothing"), &[]),
        (all().group("shop").user("user-3"), &["of archived user"]),
        (all().state(KeyState::Active), &["active", "expiring"]),
        (
            all().state(KeyState::Archived),
            &["archived", "of archived user", "over and archived"],
        ),
        (all().state(KeyState::Expired), &["expired"]),
        (
            all().expiring_before(now + 2 * HOUR),
            &["expired", "expiring", "over and archived"],
        ),
        (
            all()
                .expiring_before(now + 2 * HOUR)
                .state(KeyState::Active),
            &["expiring"],
        ),
        (all().expiring_before(now - 2 * HOUR), &[]),
        (
            all().unused_since(now - HOUR * 3 / 2),
            &[
                "active",
                "archived",
                "expiring",
                "of archived user",
                "over and archived",
            ],
        ),
        (
            all().unused_since(now - 4 * HOUR).group("erp"),
            &["expiring"],
        ),
        (
            all().search("ARCHIVED").group("shop"),
            &["archived", "of archived user"],
        ),
    ] {
        assert_eq!(names(&listed(&auth, &filter).await), expected, "{filter:?}");
        let count = auth.keys().count(&filter).await.unwrap();
        assert_eq!(count, expected.len() as u64, "{filter:?}");
        let by_use = filter.clone().order(KeyOrder::LastUse).size(1);
        let by_use = listed(&auth, &by_use).await;
        assert_eq!(by_use.len(), expected.len(), "{filter:?}");
        let by_use: BTreeSet<&str> = names(&by_use).into_iter().collect();
        assert!(
            by_use.into_iter().eq(expected.iter().copied()),
            "{filter:?}"
        );
    }
    // A listed record equals the record that a look-up gives.
    for key in listed(&auth, &KeyFilter::new()).await {
        assert_eq!(auth.keys().get(&key.name).await.unwrap(), Some(key));
    }
}

async fn filter_finds_a_text_in_names_and_hints_as_it_is_written(
    auth: Authenticator,
    _: GatedStore,
) {
    for name in ["100% sure", "Web_Shop", "webshop", "Ключ"] {
        auth.keys()
            .create(NewKey::new(name, "user").prefix("a"))
            .await
            .unwrap();
    }
    let created = auth
        .keys()
        .create(NewKey::new("by hint", "user").prefix("shop_7"))
        .await;
    let created = created.unwrap();
    for (text, expected) in [
        ("% s", &["100% sure"][..]),
        ("%", &[]),
        ("wE", &["Web_Shop", "webshop"]),
        ("к", &[]),
        ("Кл", &["Ключ"]),
        ("люч", &["Ключ"]),
        ("sh", &["by hint"]),
        ("web_", &["Web_Shop"]),
        ("WEB", &["Web_Shop", "webshop"]),
        ("Ключ", &["Ключ"]),
        ("SHOP_7_…", &["by hint"]),
        ("shop", &["Web_Shop", "by hint", "webshop"]),
        ("", &["100% sure", "Web_Shop", "by hint", "webshop", "Ключ"]),
        ("web\0", &[]),
    ] {
        let found = listed(&auth, &KeyFilter::new().search(text)).await;
        assert_eq!(names(&found), expected, "{text:?}");
    }
    // The hint is from the newest text.
    let rotated = auth.keys().rotate("by hint", HOUR).await.unwrap();
    assert_ne!(rotated.record.hint, created.record.hint);
    let found = async |text: String| listed(&auth, &KeyFilter::new().search(text)).await.len();
    assert_eq!(found(rotated.record.hint.to_string()).await, 1);
    assert_eq!(found(created.record.hint.to_string()).await, 0);
    for nowhere in [KeyFilter::new().user("a\0"), KeyFilter::new().group("a\0")] {
        assert_eq!(listed(&auth, &nowhere).await, []);
        assert_eq!(auth.keys().count(&nowhere).await.unwrap(), 0);
    }
}

async fn names_are_ordered_by_their_bytes(auth: Authenticator, _: GatedStore) {
    let mut sorted = ["a", "B", "é", "z", "a b", "a-b", "10", "9", "ключ", "A"];
    for name in sorted {
        auth.keys().create(NewKey::new(name, "user")).await.unwrap();
    }
    sorted.sort_unstable();
    for size in [1, 3, 10, 50] {
        let keys = listed(&auth, &KeyFilter::new().size(size)).await;
        assert_eq!(names(&keys), sorted, "{size} a page");
    }
}

async fn keys_are_ordered_by_last_use_after_keys_never_used(
    auth: Authenticator,
    store: GatedStore,
) {
    fill(&auth, &store).await;
    let expected = [
        "archived",
        "expiring",
        "over and archived",
        "active",
        "of archived user",
        "expired",
    ];
    for size in [1, 2, 50] {
        let keys = listed(&auth, &KeyFilter::new().order(KeyOrder::LastUse).size(size)).await;
        assert_eq!(names(&keys), expected, "{size} a page");
    }
    assert!(
        listed(&auth, &KeyFilter::new().order(KeyOrder::LastUse))
            .await
            .iter()
            .map(|key| key.last_used_at.is_some())
            .eq([false, false, false, true, true, true])
    );
}

async fn pages_have_each_key_once_while_others_are_created_and_deleted(
    auth: Authenticator,
    _: GatedStore,
) {
    let stay: Vec<String> = (10..30).map(|number| format!("stays-{number}")).collect();
    let goes = |number| format!("stays-{number}-not");
    let keys = stay.iter().cloned().chain((10..30).map(goes));
    let keys = keys.map(|name| NewKey::new(name, "user").groups(["shop"]));
    auth.keys().create_all(keys).await.unwrap();
    for order in [KeyOrder::Name, KeyOrder::LastUse] {
        for filter in [
            KeyFilter::new(),
            KeyFilter::new().user("user").group("shop"),
        ] {
            let filter = filter.order(order).size(3);
            let (mut seen, mut after, mut round) = (Vec::new(), None, 0);
            loop {
                let page = auth
                    .keys()
                    .list(&filter.clone().after(after))
                    .await
                    .unwrap();
                seen.extend(page.items.into_iter().map(|key| key.name));
                after = page.next;
                if after.is_none() {
                    break;
                }
                // Delete the last key that was seen; create one before and one after this place.
                let last = seen.last().unwrap();
                if last.ends_with("-not") {
                    auth.keys().delete(last).await.unwrap();
                }
                for place in ["a", "z"] {
                    let name = format!("{place}-{order:?}-{round}");
                    let key = NewKey::new(name, "user").groups(["shop"]);
                    auth.keys().create(key).await.unwrap();
                }
                round += 1;
                if round == 100 {
                    break;
                }
            }
            let once: BTreeSet<&String> = seen.iter().collect();
            assert_eq!(once.len(), seen.len(), "twice, by {order:?}: {seen:?}");
            if after.is_none() {
                assert!(
                    stay.iter().all(|name| once.contains(name)),
                    "{order:?}: {seen:?}"
                );
            }
            let all = listed(&auth, &KeyFilter::new().size(1000)).await;
            for key in all.iter().filter(|key| !key.name.starts_with("stays-")) {
                auth.keys().delete(&key.name).await.unwrap();
            }
        }
    }
}

async fn condition_of_many_keys_selects_all_of_them(auth: Authenticator, _: GatedStore) {
    let expiry = SystemTime::now() + HOUR;
    let key = |number: i32| {
        let key = NewKey::new(format!("key-{number}"), "user").text(format!("text-{number}"));
        let key = key.groups([if number < 10 { "few" } else { "many" }]);
        key.expires_at(expiry).archived()
    };
    auth.keys().create_all((0..5200).map(key)).await.unwrap();
    for order in [KeyOrder::Name, KeyOrder::LastUse] {
        for (filter, count) in [
            (KeyFilter::new(), 5200),
            (KeyFilter::new().group("many"), 5190),
            (KeyFilter::new().user("user").group("few"), 10),
            (KeyFilter::new().state(KeyState::Archived), 5200),
            (KeyFilter::new().expiring_before(expiry + HOUR), 5200),
            (KeyFilter::new().unused_since(expiry), 5200),
            (KeyFilter::new().user("user"), 5200),
        ] {
            let filter = filter.order(order).size(1000);
            let keys = listed(&auth, &filter).await;
            let once: BTreeSet<&str> = names(&keys).into_iter().collect();
            assert_eq!((keys.len(), once.len()), (count, count), "{filter:?}");
        }
    }
}

/// For each combination of up to `conditions` conditions, and in both orders: the list has the keys with
/// these names that meet the conditions.
async fn assert_lists(auth: &Authenticator, names: &[&str], conditions: usize, what: &str) {
    let mut keys = Vec::new();
    for name in names {
        keys.extend(auth.keys().get(name).await.unwrap());
    }
    let now = SystemTime::now();
    let mut filters = vec![(KeyFilter::new(), 0)];
    let mut combine = |with: &dyn Fn(KeyFilter, usize) -> Option<KeyFilter>| {
        for (filter, met) in filters.clone() {
            let combined = (0..).map_while(|nth| with(filter.clone(), nth));
            filters.extend(combined.map(|filter| (filter, met + 1)));
        }
    };
    combine(&|filter, nth| Some(filter.user(["user-1", "user-2"].get(nth)?.to_owned())));
    combine(&|filter, nth| Some(filter.group(["shop", "erp"].get(nth)?.to_owned())));
    let states = [KeyState::Active, KeyState::Archived, KeyState::Expired];
    combine(&|filter, nth| Some(filter.state(*states.get(nth)?)));
    combine(&|filter, nth| (nth == 0).then(|| filter.expiring_before(now + 2 * HOUR)));
    combine(&|filter, nth| (nth == 0).then(|| filter.unused_since(now - HOUR)));
    combine(&|filter, nth| (nth == 0).then(|| filter.search("b")));
    filters.retain(|(_, met)| *met <= conditions);
    for (filter, _) in filters {
        for order in [KeyOrder::Name, KeyOrder::LastUse] {
            let mut expected = keys.clone();
            expected.retain(|key| filter.matches(key, now));
            match order {
                KeyOrder::Name => expected.sort_by(|a, b| a.name.cmp(&b.name)),
                KeyOrder::LastUse => expected.sort_by_key(|key| (key.last_used_at, key.id)),
            }
            let filter = filter.clone().order(order).size(2);
            let found = listed(auth, &filter).await;
            assert_eq!(found, expected, "after {what}: {filter:?}");
            let count = auth.keys().count(&filter).await.unwrap();
            assert_eq!(count, expected.len() as u64, "after {what}: {filter:?}");
        }
    }
}

async fn lists_follow_each_change_of_their_keys(auth: Authenticator, store: GatedStore) {
    const NAMES: [&str; 6] = ["a", "b", "bb", "c", "d", "z"];
    let now = SystemTime::now();
    let (keys, groups) = (auth.keys(), auth.groups());
    let created = [
        NewKey::new("a", "user-1").groups(["shop", "erp"]),
        NewKey::new("b", "user-1").groups(["shop"]).archived(),
        NewKey::new("bb", "user-2").groups(["shop"]),
        NewKey::new("c", "user-2").expires_at(now - HOUR),
        NewKey::new("d", "user-2").expires_at(now + HOUR),
    ];
    let created = keys.create_all(created).await.unwrap();
    assert_lists(&auth, &NAMES, 1, "create").await;
    let uses = [(0, 2 * HOUR), (2, HOUR / 2), (3, 3 * HOUR)];
    let uses = uses.map(|(at, ago)| (created[at].record.id, now - ago));
    store.record_uses(&uses).await.unwrap();
    assert_lists(&auth, &NAMES, 1, "use").await;
    keys.update("a", KeyUpdate::new().name("z")).await.unwrap();
    assert_lists(&auth, &NAMES, 1, "rename").await;
    store
        .record_uses(&[(created[0].record.id, now)])
        .await
        .unwrap();
    assert_lists(&auth, &NAMES, 1, "use of a renamed key").await;
    groups.add("erp", "bb").await.unwrap();
    assert_lists(&auth, &NAMES, 1, "join").await;
    groups.remove("shop", "bb").await.unwrap();
    assert_lists(&auth, &NAMES, 1, "leave").await;
    for (update, what) in [
        (KeyUpdate::new().user("user-1"), "move to another user"),
        (KeyUpdate::new().groups(["shop"]), "move to another group"),
        (KeyUpdate::new().expires_at(Some(now - HOUR)), "expiry"),
    ] {
        keys.update("bb", update).await.unwrap();
        assert_lists(&auth, &NAMES, 1, what).await;
    }
    keys.archive("d").await.unwrap();
    keys.unarchive("b").await.unwrap();
    assert_lists(&auth, &NAMES, 1, "archive and activate").await;
    auth.users().archive("user-1").await.unwrap();
    assert_lists(&auth, &NAMES, 1, "archive of a user").await;
    auth.users().unarchive("user-1").await.unwrap();
    assert_lists(&auth, &NAMES, 1, "activation of a user").await;
    groups.delete("erp").await.unwrap();
    assert_lists(&auth, &NAMES, 3, "deletion of a group").await;
    keys.delete("c").await.unwrap();
    assert_lists(&auth, &NAMES, 1, "deletion").await;
    keys.create(NewKey::new("c", "user-1").groups(["erp"]))
        .await
        .unwrap();
    assert_lists(&auth, &NAMES, 2, "creation under a name that was used").await;
}

#[tokio::test]
async fn lists_follow_changes_by_hand() {
    const NAMES: [&str; 5] = ["a", "b", "c", "d", "by hand"];
    let both = [
        "UPDATE api_key SET name = 'by hand' WHERE name = 'a'",
        "DELETE FROM api_key_group_member WHERE group_id = (SELECT max(id) FROM api_key_group)",
        "UPDATE api_key_group_member SET group_id = (SELECT max(id) FROM api_key_group)
         WHERE key_id = (SELECT max(id) FROM api_key)",
        "INSERT INTO api_key_group_member SELECT g.id, k.id FROM api_key k, api_key_group g
         WHERE true ON CONFLICT DO NOTHING",
        "UPDATE api_key_use SET used_at = key_id",
        "DELETE FROM api_key_use WHERE key_id = (SELECT id FROM api_key WHERE name = 'b')",
        "UPDATE api_key SET expires_at = 1000 WHERE name <> 'b'",
        "INSERT INTO api_key_user (id) VALUES ('user-3');
         UPDATE api_key SET user_id = 'user-3' WHERE user_id = 'user-1'",
        "UPDATE api_key_user SET active = NOT active WHERE id = 'user-2'",
        "UPDATE api_key SET active = NOT active",
        "DELETE FROM api_key_group_member WHERE key_id = (SELECT id FROM api_key WHERE name = 'c')",
        "DELETE FROM api_key WHERE name = 'c'",
    ];
    let sqlite = [
        "REPLACE INTO api_key_user VALUES ('user-2', 0)",
        "REPLACE INTO api_key_user VALUES ('user-2', 1)",
        "REPLACE INTO api_key (id, name, user_id) SELECT id, name, 'user-1' FROM api_key WHERE name = 'a'",
        "PRAGMA foreign_keys = OFF; REPLACE INTO api_key (name, user_id) VALUES ('b', 'user-2')",
        "INSERT OR IGNORE INTO api_key (name, user_id) VALUES ('a', 'user-2')",
        "PRAGMA foreign_keys = OFF; DELETE FROM api_key_user WHERE id = 'user-1'",
        "PRAGMA foreign_keys = OFF; DELETE FROM api_key WHERE name = 'd'",
    ];
    let postgres = [
        "UPDATE api_key_user SET id = 'user-3' WHERE id = 'user-2'",
        "TRUNCATE api_key_use",
        "TRUNCATE api_key_group_member",
        "TRUNCATE api_key CASCADE",
    ];
    for own in [None, Some(())] {
        let databases = [Some(Shared::file()), Shared::server().await];
        for shared in databases.into_iter().flatten() {
            let (auth, store) = shared.node().await;
            let keys = [("a", 1), ("b", 2), ("c", 1), ("d", 2)].map(|(name, user)| {
                let key = NewKey::new(name, format!("user-{user}")).groups(["shop", "erp"]);
                key.expires_at(SystemTime::now() + HOUR)
            });
            let created = auth.keys().create_all(keys).await.unwrap();
            let uses = [(created[1].record.id, SystemTime::now())];
            store.record_uses(&uses).await.unwrap();
            let statements = match (own, &shared) {
                (None, _) => &both[..],
                (Some(()), Shared::File(_)) => &sqlite,
                (Some(()), Shared::Server(_)) => &postgres,
            };
            for statement in statements {
                shared.execute(statement).await;
                assert_lists(&auth, &NAMES, 1, statement).await;
            }
        }
    }
}

async fn cursor_of_another_order_is_an_error_that_names_it(auth: Authenticator, _: GatedStore) {
    let by_name = Cursor::Name("a".to_owned());
    let by_use = Cursor::LastUse { at: None, id: 1 };
    let paging = Paging::new().after(by_use.clone());
    for (refused, cursor) in [
        (
            auth.keys()
                .list(&KeyFilter::new().after(by_use.clone()))
                .await
                .err(),
            &by_use,
        ),
        (
            auth.keys()
                .list(
                    &KeyFilter::new()
                        .order(KeyOrder::LastUse)
                        .after(by_name.clone()),
                )
                .await
                .err(),
            &by_name,
        ),
        (auth.groups().list(&paging).await.err(), &by_use),
        (auth.users().list(&paging).await.err(), &by_use),
    ] {
        let Some(Error::Input(InputError::UnusableCursor { cursor: named })) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(named, cursor.to_string());
    }
}

async fn page_has_the_size_that_was_asked_for_within_bounds(auth: Authenticator, _: GatedStore) {
    let keys = (0..1100).map(|number| NewKey::new(format!("key-{number}"), "user"));
    auth.keys().create_all(keys).await.unwrap();
    let page = async |filter| auth.keys().list(&filter).await.unwrap();
    assert_eq!(page(KeyFilter::new()).await.items.len(), 50);
    for (asked, given) in [(0, 1), (1, 1), (1000, 1000), (usize::MAX, 1000)] {
        assert_eq!(page(KeyFilter::new().size(asked)).await.items.len(), given);
    }
    // A full page is the last one if no key follows.
    let rest = page(KeyFilter::new().size(1000)).await.next;
    let last = page(KeyFilter::new().size(100).after(rest)).await;
    assert_eq!((last.items.len(), last.next), (100, None));
    assert_eq!(auth.keys().count(&KeyFilter::new()).await.unwrap(), 1100);
}

async fn groups_and_users_are_listed_with_the_number_of_their_keys(
    auth: Authenticator,
    store: GatedStore,
) {
    fill(&auth, &store).await;
    auth.groups().put("empty", "Nobody").await.unwrap();
    let first = auth.groups().list(&Paging::new().size(2)).await.unwrap();
    assert_eq!(
        first.items,
        [Group::new("empty", "Nobody", 0), Group::new("erp", "", 2)]
    );
    let second = auth
        .groups()
        .list(&Paging::new().after(first.next))
        .await
        .unwrap();
    assert_eq!(second.items, [Group::new("shop", "", 3)]);
    assert_eq!(second.next, None);
    auth.keys().delete("of archived user").await.unwrap();
    let first = auth.users().list(&Paging::new().size(1)).await.unwrap();
    assert_eq!(first.items, [User::new("user-1", true, 2)]);
    let second = auth
        .users()
        .list(&Paging::new().after(first.next))
        .await
        .unwrap();
    assert_eq!(
        second.items,
        [User::new("user-2", true, 3), User::new("user-3", false, 0)]
    );
}

async fn updated_key_is_in_its_new_groups_and_acts_for_its_new_user(
    auth: Authenticator,
    _: GatedStore,
) {
    let key = NewKey::new("a", "user-1")
        .text("text")
        .groups(["erp", "shop"]);
    let created = auth.keys().create(key).await.unwrap().record;
    auth.verify("text", &["erp"], None).await.unwrap();
    auth.flush().await;
    let update = KeyUpdate::new()
        .groups(["stock", "shop", "stock"])
        .user("user-2");
    let updated = auth.keys().update("a", update).await.unwrap();
    assert_eq!(
        (&updated.groups[..], updated.user.as_str()),
        (&["shop", "stock"].map(str::to_owned)[..], "user-2")
    );
    assert_eq!(auth.keys().get("a").await.unwrap(), Some(updated.clone()));
    let verified = auth.verify("text", &["stock"], None).await.unwrap();
    assert_eq!(verified.user, "user-2");
    auth.verify("text", &["erp"], None).await.unwrap_err();
    assert_eq!(updated.hint, created.hint);

    // An archived user stays archived.
    auth.keys()
        .create(NewKey::new("b", "user-3"))
        .await
        .unwrap();
    auth.users().archive("user-3").await.unwrap();
    let updated = auth
        .keys()
        .update("a", KeyUpdate::new().user("user-3"))
        .await
        .unwrap();
    assert!(!updated.user_active);
    auth.verify("text", &[], None).await.unwrap_err();
    let none: [&str; 0] = [];
    let updated = auth
        .keys()
        .update("a", KeyUpdate::new().groups(none))
        .await
        .unwrap();
    assert_eq!(updated.groups, none);
    let error = auth
        .keys()
        .update("a", KeyUpdate::new().user(" "))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Input(InputError::UnusableUser { .. })),
        "{error}"
    );
}

async fn update_that_fails_changes_neither_groups_nor_user(auth: Authenticator, _: GatedStore) {
    auth.keys()
        .create(NewKey::new("a", "user-1").technical_name("a"))
        .await
        .unwrap();
    let before = auth
        .keys()
        .create(NewKey::new("b", "user-1"))
        .await
        .unwrap()
        .record;
    let update = KeyUpdate::new()
        .technical_name(Some("a"))
        .groups(["shop"])
        .user("user-2");
    let error = auth.keys().update("b", update).await.unwrap_err();
    assert!(
        matches!(error, Error::State(StateError::TechnicalNameTaken { .. })),
        "{error}"
    );
    assert_eq!(auth.keys().get("b").await.unwrap(), Some(before));
    let users = auth.users().list(&Paging::new()).await.unwrap().items;
    assert_eq!(users, [User::new("user-1", true, 2)]);
    assert_eq!(auth.groups().list(&Paging::new()).await.unwrap().items, []);
}

async fn use_within_a_minute_of_the_last_is_not_noted_again(
    auth: Authenticator,
    store: GatedStore,
) {
    let key = NewKey::new("a", "user").text("text");
    let id = auth.keys().create(key).await.unwrap().record.id;
    let used = async || {
        auth.verify("text", &[], None).await.unwrap();
        auth.flush().await;
        auth.keys()
            .get("a")
            .await
            .unwrap()
            .unwrap()
            .last_used_at
            .unwrap()
    };
    // A use that another node has noted.
    let now = SystemTime::now();
    store
        .record_uses(&[(id, now - Duration::from_secs(30))])
        .await
        .unwrap();
    assert!(used().await < now - Duration::from_secs(29));
    // After the update the key is looked up again.
    auth.keys().update("a", KeyUpdate::new()).await.unwrap();
    assert!(used().await < now - Duration::from_secs(29));
}

#[tokio::test]
async fn use_a_minute_after_the_last_is_noted() {
    let (auth, store) = GatedStore::default().node().await;
    let key = NewKey::new("a", "user").text("text");
    let id = auth.keys().create(key).await.unwrap().record.id;
    let now = SystemTime::now();
    store
        .record_uses(&[(id, now - Duration::from_secs(61))])
        .await
        .unwrap();
    auth.verify("text", &[], None).await.unwrap();
    auth.flush().await;
    let used = auth
        .keys()
        .get("a")
        .await
        .unwrap()
        .unwrap()
        .last_used_at
        .unwrap();
    assert!(used >= now, "{used:?}");
}

/// Each database, with a used and an unused key.
async fn databases() -> Vec<Shared> {
    let databases: Vec<Shared> = Shared::each().await.collect();
    for shared in &databases {
        let (auth, store) = shared.node().await;
        let keys = ["used", "unused"].map(|name| NewKey::new(name, "user"));
        let created = auth.keys().create_all(keys).await.unwrap();
        let uses = [(created[0].record.id, SystemTime::now())];
        store.record_uses(&uses).await.unwrap();
    }
    databases
}

async fn by_use(shared: &Shared) -> Vec<(String, bool)> {
    let (auth, _) = shared.node().await;
    let keys = listed(&auth, &KeyFilter::new().order(KeyOrder::LastUse)).await;
    keys.into_iter()
        .map(|key| (key.name, key.last_used_at.is_some()))
        .collect()
}

#[tokio::test]
async fn database_of_the_version_before_lists_all_keys() {
    for shared in [Some(Shared::file()), Shared::server().await]
        .into_iter()
        .flatten()
    {
        shared.make_first_version().await;
        let digest = match &shared {
            Shared::File(_) => "zeroblob(32)",
            Shared::Server(_) => "decode(repeat('00', 32), 'hex')",
        };
        let keys = format!(
            "INSERT INTO api_key_user (id) VALUES ('user');
             INSERT INTO api_key (name, user_id) VALUES ('used', 'user');
             INSERT INTO api_key (name, user_id) VALUES ('unused', 'user');
             INSERT INTO api_key_use (key_id, used_at) SELECT id, 1000 FROM api_key WHERE name = 'used';
             INSERT INTO api_key_secret (key_id, digest, pepper_version, hint)
                 SELECT id, {digest}, 0, 'my_shop_…MXPL' FROM api_key WHERE name = 'used'"
        );
        shared.execute(&keys).await;
        let (auth, _) = shared.node().await;
        let keys = listed(&auth, &KeyFilter::new().order(KeyOrder::LastUse)).await;
        let seen = keys
            .iter()
            .map(|key| (key.name.as_str(), key.last_used_at.is_some()));
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [("unused", false), ("used", true)]
        );
        let hint = &keys[1].hint;
        assert_eq!(
            (hint.prefix.as_str(), hint.last.as_str()),
            ("my_shop", "MXPL")
        );
    }
}

#[tokio::test]
async fn keys_made_and_uses_cleared_by_hand_are_listed_as_never_used() {
    for shared in databases().await {
        let by_hand = "INSERT INTO api_key (name, user_id) VALUES ('by hand', 'user');
                       DELETE FROM api_key_use";
        shared.execute(by_hand).await;
        let names = ["used", "unused", "by hand"];
        let expected = names.map(|name| (name.to_owned(), false));
        assert_eq!(by_use(&shared).await, expected);
        if let Shared::Server(_) = shared {
            shared.execute("TRUNCATE api_key_use").await;
            assert_eq!(by_use(&shared).await, expected);
        }
    }
}

#[tokio::test]
async fn records_are_json_as_the_command_line_shows_them() {
    let mut record = KeyRecord::new(7, "webshop", "user-7");
    record.created_at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_801_396_800_250);
    record.expires_at = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_801_396_800));
    record.networks = vec!["10.0.0.0/8".parse().unwrap()];
    record.groups = vec!["shop".to_owned()];
    let expected = json!({
        "id": 7, "name": "webshop", "user": "user-7", "user_active": true, "active": true,
        "groups": ["shop"], "networks": ["10.0.0.0/8"], "expires_at": "2027-01-31T12:00:00Z",
        "technical_name": null, "metadata": {}, "hint": "",
        "created_at": "2027-01-31T12:00:00.250Z", "damages": [], "last_used_at": null,
    });
    assert_eq!(serde_json::to_value(&record).unwrap(), expected);
    let (auth, _) = GatedStore::default().node().await;
    for code in ["a", "b"] {
        auth.groups().put(code, "Title").await.unwrap();
    }
    let page: Page<Group> = auth.groups().list(&Paging::new().size(1)).await.unwrap();
    let next = page.next.as_ref().unwrap().to_string();
    let expected = json!({"items": [{"code": "a", "name": "Title", "keys": 0}], "next": next});
    assert_eq!(serde_json::to_value(&page).unwrap(), expected);
    let user = json!({"id": "user-7", "active": false, "keys": 2});
    assert_eq!(
        serde_json::to_value(User::new("user-7", false, 2)).unwrap(),
        user
    );
    // A time in a table that is too late for this format is shown as the last time of the format.
    record.created_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
    let shown = serde_json::to_value(&record).unwrap();
    assert_eq!(shown["created_at"], "9999-12-31T23:59:59.999Z");
}
