//! What managers change on the pages, and what the pages show of it.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator, NewKey, Routes,
    key::{KeyFilter, KeyState, KeyUpdate, TrailFilter},
    route, routes,
    store::MemoryStore,
};
use axum::Router;
use reqwest::StatusCode;
use tests::{GatedStore, Log, Server, cluster::Shared, name_of, over_each_database, until};

use crate::{
    access::{everything, key, three},
    visitor::{Page, Visitor, pages},
};

#[route("/stock", auth = "api_key", groups = ["stock"], methods = ["GET"])]
async fn stock() {}

/// The text of a key on the page that shows it once.
fn text_of(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    let (_, field) = page.body.split_once(r#"id="secret""#).unwrap();
    let (_, value) = field.split_once(r#"value=""#).unwrap();
    value.split('"').next().unwrap().to_owned()
}

over_each_database! {
    key_is_created_rotated_archived_and_deleted_and_the_trail_says_who
    manager_who_renames_their_key_stays_known
    one_manager_stays_of_two_who_take_each_other_away_on_two_nodes
    manager_of_some_pages_makes_no_operator_of_others
    keys_of_groups_and_users_are_counted_up_to_a_thousand
    key_may_have_all_that_the_command_line_gives_one
    unused_keys_and_changes_since_a_day_are_listed
    keys_that_are_shown_and_still_unused_are_archived_together
}

async fn key_is_created_rotated_archived_and_deleted_and_the_trail_says_who(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "alice", &["managers"]).await;
    for code in ["shop", "erp"] {
        auth.groups().put(code, "").await.unwrap();
    }
    let server = pages(&auth).await;
    let (log, texts) = Log::of(async {
        let visitor = Visitor::signed_in(&server, &manager).await;
        let fields = [
            ("name", "web shop"),
            ("user", "user-7"),
            ("groups", "shop, erp"),
            ("expiry", "90"),
            ("networks", "127.0.0.0/8, 192.0.2.1"),
        ];
        let first = text_of(&visitor.change("new-key", &fields).await);
        let record = auth.keys().get("web shop").await.unwrap().unwrap();
        assert_eq!(record.groups, ["erp", "shop"]);
        assert_eq!(record.networks.len(), 2);
        let days = record.lifetime().unwrap().as_secs_f64() / 86_400.0;
        assert!((days - 90.0).abs() < 0.01, "{days}");

        let fields = [("name", "web shop"), ("overlap", "24")];
        let hint = record.hint.to_string();
        let fields = [fields[0], fields[1], ("hint", &hint)];
        let second = text_of(&visitor.change("rotate-key", &fields).await);
        let address = Some([127, 0, 0, 1].into());
        for text in [&first, &second] {
            assert!(auth.verify(text, &["shop"], address).await.is_ok());
            // It is shown once.
            for page in ["key?name=web+shop", "keys", "trail"] {
                assert!(!visitor.get(page).await.has(text), "{page}");
            }
        }

        let fields = [
            ("new-name", "shop"),
            ("user", "user-8"),
            ("groups", "erp"),
            ("networks", ""),
            ("expiry-day", ""),
        ];
        let changed = visitor.edit("web shop", &fields).await;
        assert_eq!(changed.location(), "key?name=shop&done=done-updated");
        let record = auth.keys().get("shop").await.unwrap().unwrap();
        assert_eq!((record.user.as_str(), record.expires_at), ("user-8", None));
        assert_eq!(
            (record.groups.as_slice(), record.networks.len()),
            (&["erp".to_owned()][..], 0)
        );

        let archived = visitor.change("archive-key", &[("name", "shop")]).await;
        assert!(
            visitor
                .get(archived.location())
                .await
                .has("The key is archived.")
        );
        assert!(name_of(&auth, &second).await.is_err());
        let trail = visitor.get("trail?actor=alice+%28key+1%29").await;
        for action in ["created", "rotated", "changed", "archived"] {
            assert!(
                trail.has(&format!("<td>{action}</td>")),
                "{action}: {}",
                trail.body
            );
        }
        let of_shop = visitor.get("trail?key=shop&action=archived").await;
        assert!(of_shop.has("<td>archived</td>") && !of_shop.has("<td>rotated</td>"));
        assert!(of_shop.has(r#"<option value="archived" selected>"#));
        visitor.change("unarchive-key", &[("name", "shop")]).await;
        assert_eq!(name_of(&auth, &second).await.unwrap(), "shop");

        let fields = [("name", "shop"), ("typed-name", "shopp")];
        let kept = visitor.change("delete-key", &fields).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("name", "shop"), ("typed-name", "shop")];
        let deleted = visitor.change("delete-key", &fields).await;
        let list = visitor.get(deleted.location()).await;
        assert!(list.has("The key is deleted."), "{}", list.body);
        assert!(auth.keys().get("shop").await.unwrap().is_none());
        [first, second]
    })
    .await;
    for text in texts.iter().chain([&manager]) {
        assert!(!log.contains(text.as_str()), "{log}");
    }
}

async fn manager_who_renames_their_key_stays_known(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "alice", &["managers"]).await;
    let long = "ä".repeat(150);
    let other = key(&auth.keys(), &long, &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let confirm = ("confirm", manager.as_str());
    let renamed = visitor.edit("alice", &[("new-name", "bob"), confirm]).await;
    assert_eq!(renamed.location(), "key?name=bob&done=done-updated");
    visitor.change("groups", &[("code", "one")]).await;
    let other = Visitor::signed_in(&server, &other).await;
    other.change("groups", &[("code", "two")]).await;
    let trail = auth.maintenance().trail(&TrailFilter::new()).await.unwrap();
    let actors: Vec<_> = trail
        .items
        .iter()
        .map(|event| event.actor.as_deref())
        .collect();
    let cut = format!("{} (key 2)", "ä".repeat(121));
    let known = [Some(&*cut), Some("bob (key 1)"), Some("alice (key 1)")];
    assert_eq!(actors[..3], known);
    let trail = visitor.get("trail").await;
    assert!(
        trail.has(r#"href="trail?actor=bob+%28key+1%29""#),
        "{}",
        trail.body
    );
}

async fn one_manager_stays_of_two_who_take_each_other_away_on_two_nodes(shared: Shared) {
    let [(one, _), (two, _)] = [shared.node().await, shared.node().await];
    let (first, second) = (pages(&one).await, pages(&two).await);
    for round in 0..20 {
        let [alice, bob] = ["alice", "bob"].map(|name| format!("{name} {round}"));
        let of_alice = key(&one.keys(), &alice, &["managers"]).await;
        let of_bob = key(&one.keys(), &bob, &["managers"]).await;
        let here = Visitor::signed_in(&first, &of_alice).await;
        let there = Visitor::signed_in(&second, &of_bob).await;
        let forms = [
            here.get("keys").await.form(),
            there.get("keys").await.form(),
        ];
        let take = async |visitor: &Visitor, form: &str, own: &str, other: &str| {
            let (page, fields) = match round % 4 {
                0 => ("archive-key", [("name", other), ("", "")]),
                1 => ("delete-key", [("name", other), ("typed-name", other)]),
                2 => ("key", [("was-groups", "managers"), ("groups", "")]),
                _ => ("archive-user", [("user", other), ("", "")]),
            };
            let fields = [&fields[..], &[("name", other), ("confirm", own)]].concat();
            visitor.post(page, form, &fields).await
        };
        tokio::join!(
            take(&here, &forms[0], &of_alice, &bob),
            take(&there, &forms[1], &of_bob, &alice)
        );
        let managers = KeyFilter::new().group("managers").state(KeyState::Active);
        let left = one.keys().list(&managers).await.unwrap().items;
        assert_eq!(left.len(), 1, "round {round}: {left:?}");
        one.keys().delete(&left[0].name).await.unwrap();
    }
}

async fn manager_of_some_pages_makes_no_operator_of_others(shared: Shared) {
    let [(one, _), (two, _)] = [shared.node().await, shared.node().await];
    let keys = one.keys();
    let manager = key(&keys, "manager", &["managers"]).await;
    key(&keys, "other", &["others"]).await;
    key(&keys, "shop", &["shop"]).await;
    let server = pages(&one).await;
    let others = two.admin_pages(crate::ORIGIN, "others").unwrap();
    let _others = Server::start(Router::new().nest("/admin", others.into())).await;
    let groups = "SELECT code FROM api_key_operator_group ORDER BY code";
    let known = ["managers", "others", "viewers"].map(str::to_owned);
    until(
        async || shared.texts(groups).await,
        known.into(),
        "mounting",
    )
    .await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let hint = keys.get("other").await.unwrap().unwrap().hint.to_string();
    let confirm = ("confirm", manager.as_str());
    let new = [("name", "new"), ("user", "new"), ("groups", "shop, others")];
    let rotate = [("name", "other"), ("overlap", "0"), ("hint", &hint)];
    let delete = [("code", "others"), ("typed-code", "others")];
    let before = everything(&one).await;
    for refused in [
        visitor
            .change("new-key", &[&new[..], &[confirm]].concat())
            .await,
        visitor
            .change("rotate-key", &[&rotate[..], &[confirm]].concat())
            .await,
        visitor
            .change("unarchive-key", &[("name", "other"), confirm])
            .await,
        visitor
            .change("unarchive-user", &[("user", "other"), confirm])
            .await,
        visitor.change("delete-group", &delete).await,
        visitor.edit("shop", &[("groups", "others"), confirm]).await,
        visitor
            .edit("other", &[("groups", "managers"), confirm])
            .await,
        visitor.change("archive-key", &[("name", "other")]).await,
        visitor.change("archive-user", &[("user", "other")]).await,
        visitor
            .change("delete-key", &[("name", "other"), ("typed-name", "other")])
            .await,
    ] {
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("operators of other pages"), "{}", refused.body);
    }
    assert_eq!(everything(&one).await, before);
}

async fn keys_of_groups_and_users_are_counted_up_to_a_thousand(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let new = |number: usize| NewKey::new(format!("key {number}"), "user").groups(["shop"]);
    auth.keys().create_all((0..1000).map(new)).await.unwrap();
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    for (page, link) in [("groups", "keys?group=shop"), ("users", "keys?user=user")] {
        let shown = visitor.get(page).await;
        let counted = format!(r#"<a href="{link}">1000 keys</a>"#);
        assert!(shown.has(&counted), "{}", shown.body);
    }
    auth.keys().create(new(1000)).await.unwrap();
    for (page, link) in [("groups", "keys?group=shop"), ("users", "keys?user=user")] {
        let shown = visitor.get(page).await;
        let counted = format!(r#"<a href="{link}">more than 1,000 keys</a>"#);
        assert!(shown.has(&counted), "{}", shown.body);
    }
}

async fn key_may_have_all_that_the_command_line_gives_one(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let get = async |name: &str| auth.keys().get(name).await.unwrap().unwrap();
    let fields = [
        ("name", "web shop"),
        ("user", "user-7"),
        ("expiry", "never"),
        ("prefix", "shop"),
        ("technical-name", "web_shop"),
        ("metadata", r#"{"plan": "pro"}"#),
    ];
    let text = text_of(&visitor.change("new-key", &fields).await);
    assert!(text.starts_with("shop_"), "{text}");
    let record = get("web shop").await;
    assert_eq!(record.technical_name.as_deref(), Some("web_shop"));
    assert_eq!(record.metadata["plan"], "pro");
    let page = visitor.get("key?name=web+shop").await;
    for shown in ["web_shop", "{&#34;plan&#34;:&#34;pro&#34;}"] {
        assert!(page.has(&format!("<code>{shown}</code>")), "{}", page.body);
    }

    visitor.edit("web shop", &[("new-name", "shop")]).await;
    assert_eq!(get("shop").await.metadata["plan"], "pro");
    let fields = [("technical-name", ""), ("metadata", r#"{"seats": 2}"#)];
    visitor.edit("shop", &fields).await;
    let record = get("shop").await;
    assert_eq!(record.technical_name, None);
    assert_eq!(record.metadata.keys().collect::<Vec<_>>(), ["seats"]);
    for wrong in ["[1]", "plan", "{"] {
        let refused = visitor.edit("shop", &[("metadata", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Write a JSON object."), "{}", refused.body);
    }
    visitor.edit("shop", &[("metadata", "")]).await;
    assert!(get("shop").await.metadata.is_empty());

    let given = "swordfish-of-the-old-shop";
    let fields = [
        ("name", "old shop"),
        ("user", "user-7"),
        ("expiry", "never"),
        ("given-text", given),
    ];
    let created = visitor.change("new-key", &fields).await;
    assert_eq!(created.location(), "key?name=old+shop&done=done-created");
    let page = visitor.get(created.location()).await;
    assert!(
        page.has("The key is created.") && !page.has(given),
        "{}",
        page.body
    );
    assert_eq!(name_of(&auth, given).await.unwrap(), "old shop");
}

async fn unused_keys_and_changes_since_a_day_are_listed(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    for name in ["old", "new"] {
        key(&auth.keys(), name, &[]).await;
    }
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let unknown = visitor.get("keys?unused=30").await;
    assert_eq!(unknown.status, StatusCode::OK);
    let since = "Uses are recorded since <time";
    assert!(
        unknown.has("uses are not recorded for so long") && unknown.has(since),
        "{}",
        unknown.body
    );
    shared
        .execute(
            "UPDATE api_key_recording SET since = 1, last_at = 4102444800000;
             UPDATE api_key SET created_at = 1, renewed_at = 1 WHERE name = 'old'",
        )
        .await;
    let fields = [("text", ""), ("unused", "90")];
    let found = visitor.change("search-keys", &fields).await;
    assert_eq!(found.location(), "keys?unused=90");
    let list = visitor.get("keys?unused=90").await;
    let names = [">old</bdi></a>", ">new</bdi></a>"].map(|name| list.has(name));
    assert_eq!(names, [true, false], "{}", list.body);
    assert!(list.has(r#"<option value="90" selected>"#));

    let fields = [("actor", ""), ("since", "2001-01-01")];
    let found = visitor.change("search-trail", &fields).await;
    assert_eq!(found.location(), "trail?since=2001-01-01");
    for (since, is_there) in [("2001-01-01", true), ("2099-01-01", false), ("x", true)] {
        let trail = visitor.get(&format!("trail?since={since}")).await;
        assert_eq!(trail.has("<td>created</td>"), is_there, "{since}");
    }
}

async fn keys_that_are_shown_and_still_unused_are_archived_together(shared: Shared) {
    let (auth, _) = shared.node().await;
    let keys = auth.keys();
    let manager = key(&keys, "manager", &["managers"]).await;
    let viewer = key(&keys, "viewer", &["viewers"]).await;
    // The key of an operator that nobody uses.
    key(&keys, "spare", &["managers"]).await;
    for name in ["first", "second", "third", "unseen"] {
        key(&keys, name, &[]).await;
    }
    let used = key(&keys, "used", &[]).await;
    shared
        .execute(
            "UPDATE api_key_recording SET since = 1, last_at = 4102444800000;
             UPDATE api_key SET created_at = 1, renewed_at = 1 WHERE name <> 'unseen'",
        )
        .await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let list = visitor.get("keys?unused=90&state=active").await;
    // The keys of operators are in the list, and are not among those to archive.
    assert!(list.has("<bdi>viewer</bdi></a>"), "{}", list.body);
    assert!(list.has("Archive these 4 keys"), "{}", list.body);
    let (_, shown) = list.body.split_once(r#"name="shown" value=""#).unwrap();
    let shown = shown.split('"').next().unwrap();
    // Also those of operators, as if a forged page had shown them.
    let all = keys.list(&KeyFilter::new()).await.unwrap().items;
    let operators = all.iter().filter(|key| !key.groups.is_empty());
    let ids: Vec<String> = operators.map(|key| key.id.to_string()).collect();
    let shown = &format!("{shown},{}", ids.join(","));
    let no_form = visitor.get("keys?state=active").await;
    assert!(!no_form.has("archive-unused"), "{}", no_form.body);

    // Meanwhile one is used, and one is renamed; another one is unused now that was not shown.
    auth.verify(&used, &[], None).await.unwrap();
    let renamed = KeyUpdate::new().name("2nd");
    keys.update("second", renamed).await.unwrap();
    shared
        .execute("UPDATE api_key SET created_at = 1, renewed_at = 1 WHERE name = 'unseen'")
        .await;
    let fields = [("unused", "90"), ("state", "active"), ("shown", shown)];
    let watching = Visitor::signed_in(&server, &viewer).await;
    let refused = watching.change("archive-unused", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let archived = visitor.change("archive-unused", &fields).await;
    let back = "keys?state=active&unused=90&archived=3";
    assert_eq!(archived.location(), back, "{archived:?}");
    let state = async |name| keys.get(name).await.unwrap().unwrap().active;
    for (name, is_active) in [
        ("first", false),
        ("2nd", false),
        ("third", false),
        ("unseen", true),
        ("used", true),
        ("viewer", true),
        ("manager", true),
        ("spare", true),
    ] {
        assert_eq!(state(name).await, is_active, "{name}");
    }
    let list = visitor.get(back).await;
    assert!(list.has("3 keys are archived."), "{}", list.body);
    assert!(list.has("Archive this key"), "{}", list.body);
    let trail = visitor.get("trail?action=archived").await;
    assert_eq!(trail.body.matches("manager (key ").count(), 3);

    let every = all.iter().map(|key| key.id.to_string());
    let every = &every.collect::<Vec<_>>().join(",");
    for (fields, leads) in [
        (&fields[..], "keys?state=active&unused=90&archived=0"),
        (&[("unused", "90")], "keys?unused=90&archived=0"),
        // Without one of the offered times, all keys are in the list.
        (&[("shown", every)], "keys?"),
        (&[("shown", every), ("unused", "0")], "keys?unused=0"),
    ] {
        let nothing = visitor.change("archive-unused", fields).await;
        assert_eq!(nothing.location(), leads);
    }
    assert!(
        visitor
            .get("keys?unused=90&archived=0")
            .await
            .has("No key was archived.")
    );
    assert!(state("unseen").await);
    if let Shared::Server(_) = shared {
        for name in ["goes", "stays"] {
            key(&keys, name, &[]).await;
        }
        shared
            .execute(
                "UPDATE api_key SET created_at = 1, renewed_at = 1 WHERE name IN ('goes', 'stays');
                 ALTER TABLE api_key ADD CONSTRAINT stays CHECK (name <> 'stays' OR active)",
            )
            .await;
        let of = async |user| keys.list(&KeyFilter::new().user(user)).await.unwrap().items[0].id;
        let shown = format!("{},{}", of("goes").await, of("stays").await);
        let fields = [("unused", "90"), ("shown", shown.as_str())];
        let some = visitor.change("archive-unused", &fields).await;
        assert_eq!(some.location(), "keys?unused=90&archived=1&failed=yes");
        let list = visitor.get(some.location()).await;
        assert!(list.has("Not all of these keys could be archived."));
        let failed = visitor.change("archive-unused", &fields).await;
        assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(state("stays").await && !state("goes").await);
    }
}

#[tokio::test]
async fn lifetimes_are_offered_that_a_key_may_have() {
    let day = Duration::from_secs(24 * 60 * 60);
    let builder = Authenticator::builder;
    for (builder, offered) in [
        (builder(), "30 90* 365 day never"),
        (builder().max_lifetime(90 * day), "30 90* day"),
        (builder().max_lifetime(60 * day), "30* day"),
        (builder().max_lifetime(7 * day), "day"),
        (builder().default_lifetime(45 * day), "30 90* 365 day"),
    ] {
        let auth = builder.build(MemoryStore::new()).await.unwrap();
        let limited = NewKey::new("manager", "manager").groups(["managers"]);
        let limited = limited.expires_at(SystemTime::now() + day);
        let manager = auth.keys().create(limited).await.unwrap();
        let server = pages(&auth).await;
        let visitor = Visitor::signed_in(&server, manager.secret.expose()).await;
        let page = visitor.get("new-key").await;
        let (_, select) = page.body.split_once(r#"<select name="expiry">"#).unwrap();
        let (select, _) = select.split_once("</select>").unwrap();
        let options = select.split(r#"<option value=""#).skip(1).map(|option| {
            let value = option.split('"').next().unwrap();
            let is_chosen = option.contains(" selected");
            format!("{value}{}", if is_chosen { "*" } else { "" })
        });
        assert_eq!(options.collect::<Vec<_>>().join(" "), offered);
        for (number, option) in offered
            .split(' ')
            .filter(|option| *option != "day")
            .enumerate()
        {
            let name = format!("key {number}");
            let fields = [
                ("name", name.as_str()),
                ("user", "user"),
                ("expiry", option.trim_end_matches('*')),
            ];
            let created = visitor.change("new-key", &fields).await;
            assert_eq!(created.status, StatusCode::OK, "{option} {}", created.body);
        }
    }
}

#[tokio::test]
async fn last_manager_cannot_be_archived_deleted_or_limited() {
    let (auth, [manager, _, _]) = three().await;
    auth.users().archive("viewer").await.unwrap();
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let refused = async |page: Page| {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{page:?}");
        assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    };
    let attempts: [(&str, &[(&str, &str)]); 4] = [
        ("archive-key", &[("name", "manager")]),
        (
            "delete-key",
            &[("name", "manager"), ("typed-name", "manager")],
        ),
        ("archive-user", &[("user", "manager")]),
        (
            "delete-group",
            &[("code", "managers"), ("typed-code", "managers")],
        ),
    ];
    for (page, fields) in attempts {
        refused(visitor.change(page, fields).await).await;
    }
    let confirm = ("confirm", manager.as_str());
    for field in [
        ("groups", "viewers"),
        ("networks", "192.0.2.1"),
        ("expiry-day", "2001-01-01"),
        ("user", "viewer"),
    ] {
        refused(visitor.edit("manager", &[field, confirm]).await).await;
    }
    key(&auth.keys(), "second", &["managers"]).await;
    let archived = visitor.change("archive-key", &[("name", "manager")]).await;
    assert_eq!(archived.location(), "key?name=manager&done=done-archived");
}

#[tokio::test]
async fn manager_confirms_what_gives_more_to_the_key_of_an_operator() {
    let (auth, [manager, viewer, shop]) = three().await;
    let other = key(&auth.keys(), "other", &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let hint = auth
        .keys()
        .get("other")
        .await
        .unwrap()
        .unwrap()
        .hint
        .to_string();
    auth.keys().archive("viewer").await.unwrap();
    let attempts = async |confirm: &str| {
        let new = |group| {
            let fields = [
                ("name", "new"),
                ("user", "new"),
                ("expiry", "30"),
                ("groups", group),
            ];
            [&fields[..], &[("confirm", confirm)]].concat()
        };
        let confirm = ("confirm", confirm);
        [
            visitor.change("new-key", &new("managers")).await,
            visitor.change("new-key", &new("shop, viewers")).await,
            visitor
                .edit("shop", &[("groups", "shop, managers"), confirm])
                .await,
            visitor
                .edit("other", &[("networks", "192.0.2.1"), confirm])
                .await,
            visitor
                .change("unarchive-key", &[("name", "viewer"), confirm])
                .await,
            visitor
                .change("unarchive-user", &[("user", "other"), confirm])
                .await,
            visitor
                .change(
                    "rotate-key",
                    &[
                        ("name", "other"),
                        ("overlap", "0"),
                        ("hint", &hint),
                        confirm,
                    ],
                )
                .await,
        ]
    };
    for confirm in ["", "wrong", &viewer, &shop, &other] {
        // So that none of them must wait.
        auth.advance(Duration::from_secs(60));
        for (number, refused) in attempts(confirm).await.iter().enumerate() {
            assert_eq!(
                refused.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{number} {confirm}"
            );
        }
    }
    assert_eq!(name_of(&auth, &other).await.unwrap(), "other");
    assert!(auth.keys().get("new").await.unwrap().is_none());
    let made = attempts(&manager).await;
    for (number, page) in made.iter().enumerate() {
        // The second key has the name of the first.
        let is_refused = page.status == StatusCode::UNPROCESSABLE_ENTITY;
        assert_eq!(is_refused, number == 1, "{number} {page:?}");
    }
}

#[tokio::test]
async fn form_leaves_what_was_not_changed_on_the_page() {
    let (auth, [manager, _, _]) = three().await;
    let odd = NewKey::new(" odd ", "user").groups(["shop admin"]);
    auth.keys().create(odd).await.unwrap();
    key(&auth.keys(), "odd", &[]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let changed = visitor.edit(" odd ", &[("new-name", "even")]).await;
    assert_eq!(changed.location(), "key?name=even&done=done-updated");
    let even = auth.keys().get("even").await.unwrap().unwrap();
    assert_eq!(even.groups, ["shop admin"]);
    assert!(auth.keys().get("odd").await.unwrap().is_some());
}

#[tokio::test]
async fn form_that_is_sent_again_does_not_end_the_text_that_it_has_issued() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let hint = auth
        .keys()
        .get("shop")
        .await
        .unwrap()
        .unwrap()
        .hint
        .to_string();
    let fields = [("name", "shop"), ("overlap", "0"), ("hint", &hint)];
    let text = text_of(&visitor.change("rotate-key", &fields).await);
    let again = visitor.change("rotate-key", &fields).await;
    assert_eq!(again.location(), "key?name=shop&done=not-rotated");
    let page = visitor.get(again.location()).await;
    assert!(page.has("It was not rotated again."), "{}", page.body);
    assert_eq!(name_of(&auth, &text).await.unwrap(), "shop");
}

#[tokio::test]
async fn key_gets_only_groups_that_are_there_or_that_a_route_asks_for() {
    let (auth, [manager, _, _]) = three().await;
    let routes: Routes<Authenticator> = routes![stock];
    let pages = auth.admin_pages(crate::ORIGIN, "managers").unwrap();
    let pages = pages.viewers("viewers").routes(&routes.under(""));
    let server = Server::start(Router::new().nest("/admin", pages.into())).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let before = everything(&auth).await;
    let new = |groups| [("name", "new"), ("user", "new"), ("groups", groups)];
    for mistyped in [
        visitor.change("new-key", &new("shop, shpo")).await,
        visitor.change("new-key", &new("Shop shpo")).await,
        visitor.edit("shop", &[("groups", "shop, shpo")]).await,
    ] {
        assert_eq!(mistyped.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            mistyped.has("There is no group &#34;\u{2068}"),
            "{}",
            mistyped.body
        );
    }
    assert_eq!(everything(&auth).await, before);
    for groups in ["shop", "stock", "viewers"] {
        let name = format!("of {groups}");
        let fields = [("name", name.as_str()), ("user", "new"), ("groups", groups)];
        let fields = [&fields[..], &[("confirm", &manager)]].concat();
        text_of(&visitor.change("new-key", &fields).await);
    }
}

#[tokio::test]
async fn expiry_day_is_the_last_day_and_a_past_day_is_refused() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    for expiry in ["90", "day", "never"] {
        let given = ("expiry-day", "2099-12-31");
        let fields = [("name", expiry), ("user", "new"), ("expiry", expiry), given];
        let page = visitor.change("new-key", &fields).await;
        assert!(page.has("2099-12-31 23:59 UTC"), "{}", page.body);
    }
    let before = everything(&auth).await;
    let over = ("expiry-day", "2001-01-01");
    let fields = [("name", "new"), ("user", "new"), over];
    for refused in [
        visitor.change("new-key", &fields).await,
        visitor.edit("shop", &[over]).await,
    ] {
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("This day is over."), "{}", refused.body);
    }
    assert_eq!(everything(&auth).await, before);
}

#[tokio::test]
async fn page_with_a_new_text_says_that_the_key_is_refused() {
    let (auth, [manager, _, shop]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let rotated = async || {
        let hint = auth.keys().get("shop").await.unwrap().unwrap().hint;
        let hint = hint.to_string();
        let fields = [("name", "shop"), ("overlap", "0"), ("hint", &hint)];
        visitor.change("rotate-key", &fields).await
    };
    let refused = "Requests with this key are still refused:";
    assert!(!rotated().await.has(refused));
    auth.keys().archive("shop").await.unwrap();
    assert!(visitor.get("key?name=shop").await.has(refused));
    let page = rotated().await;
    assert!(page.has(refused), "{}", page.body);
    // To choose a language is to leave the page, and so the text.
    assert!(!page.has(r#"action="language""#), "{}", page.body);
    assert!(name_of(&auth, &text_of(&page)).await.is_err());
    auth.keys().unarchive("shop").await.unwrap();
    auth.users().archive("shop").await.unwrap();
    assert!(rotated().await.has(refused));
    assert!(name_of(&auth, &shop).await.is_err());
}

#[tokio::test]
async fn names_are_shown_as_text() {
    let (auth, [manager, _, _]) = three().await;
    let long = "n".repeat(200);
    for name in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        &long,
        "مفتاح المتجر",
        "a&b='c'",
    ] {
        key(&auth.keys(), name, &["shop"]).await;
    }
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let list = visitor.get("keys").await;
    assert!(
        list.has("&#60;script&#62;alert(1)&#60;/script&#62;"),
        "{}",
        list.body
    );
    assert!(
        !list.has("<script>alert") && !list.has("<img"),
        "{}",
        list.body
    );
    // Each link of the list leads to its key.
    let links = list.body.split(r#"href="key?"#).skip(1);
    let mut shown = 0;
    for link in links {
        let link = link.split('"').next().unwrap().replace("&#38;", "&");
        let page = visitor.get(&format!("key?{link}")).await;
        assert_eq!(page.status, StatusCode::OK, "{link}");
        assert!(
            !page.has("<script>alert") && !page.has("<img"),
            "{}",
            page.body
        );
        shown += 1;
    }
    assert_eq!(shown, 8);
    assert!(list.has("مفتاح المتجر") && list.has(&long));
    assert_eq!(
        visitor.get("key?name=nobody").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn long_lists_go_on_where_a_page_ends() {
    let (auth, [manager, _, _]) = three().await;
    for number in 0..120 {
        key(&auth.keys(), &format!("key {number:03}"), &["shop"]).await;
    }
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let (mut address, mut seen) = ("keys?group=shop&text=key".to_owned(), 0);
    loop {
        let page = visitor.get(&address).await;
        seen += page.body.matches(r#"<th scope="row"><a"#).count();
        let Some((before, _)) = page.body.split_once(r#"" rel="next""#) else {
            break;
        };
        address = before.rsplit('"').next().unwrap().replace("&#38;", "&");
    }
    // The hint of the key `shop` has the text, too.
    assert_eq!(seen, 121);
    assert_eq!(
        visitor.get("keys?after=x").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    // A link of the menu leads to those that expire soon.
    let day = Duration::from_secs(24 * 60 * 60);
    for (name, days) in [("soon", 29), ("later", 31)] {
        let new = NewKey::new(name, "user").expires_at(SystemTime::now() + day * days);
        auth.keys().create(new).await.unwrap();
    }
    let address = "keys?expiring=30&#38;state=active";
    let link = |current| format!(r#"<a href="{address}"{current}>Expiring soon</a>"#);
    assert!(visitor.get("keys").await.has(&link("")));
    let soon = visitor.get(&address.replace("&#38;", "&")).await;
    assert!(soon.has(&link(r#" aria-current="page""#)), "{}", soon.body);
    assert_eq!(soon.body.matches("aria-current").count(), 1);
    assert!(
        soon.has("<bdi>soon</bdi>") && !soon.has("<bdi>later</bdi>"),
        "{}",
        soon.body
    );
}

#[tokio::test]
async fn page_that_is_not_full_says_that_the_list_goes_on() {
    let (auth, _) = GatedStore::default().looking_at(2).node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    for number in 0..60 {
        for name in ["early", "zone"] {
            key(&auth.keys(), &format!("{name} {number:02}"), &[]).await;
        }
    }
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let (mut address, mut shown) = ("keys?text=zone".to_owned(), Vec::new());
    let goes_on = "Other such keys may be on the next page.";
    let none = "There are no such keys.";
    loop {
        let page = visitor.get(&address).await;
        let keys = page.body.matches(r#"<th scope="row"><a"#).count();
        shown.push((keys, page.has(goes_on), page.has(none)));
        let Some((before, _)) = page.body.split_once(r#"" rel="next""#) else {
            break;
        };
        address = before.rsplit('"').next().unwrap().replace("&#38;", "&");
    }
    // The pages look at 61 keys first that are not asked for, 2 at a time.
    let (pages, last) = shown.split_at(60);
    let keys = [&[0; 30][..], &[1], &[2; 29]].concat();
    let keys = keys.into_iter().map(|keys| (keys, true, false));
    assert_eq!(pages, keys.collect::<Vec<_>>());
    assert_eq!(last, [(1, false, false)]);
    // After the last of all keys.
    let end = visitor.get("keys?text=zone&after=bnp6").await;
    assert!(end.has(none) && !end.has(goes_on), "{}", end.body);
}

#[tokio::test]
async fn language_is_that_of_the_browser_until_one_is_chosen() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::of(&server);
    for (accepted, language) in [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("pt", "pt-BR"),
        ("zh-TW,zh", "zh-CN"),
        ("xx", "en"),
    ] {
        let request = visitor.request(reqwest::Method::GET, "sign-in");
        let page = visitor
            .send(request.header("accept-language", accepted))
            .await;
        assert!(
            page.has(&format!(r#"<html lang="{language}">"#)),
            "{accepted}"
        );
    }
    let visitor = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("keys").await.form();
    let fields = [("language", "ja"), ("here", "keys?group=shop")];
    let chosen = visitor.post("language", &form, &fields).await;
    assert_eq!(chosen.location(), "keys?group=shop");
    assert!(visitor.get("keys").await.has(r#"<html lang="ja">"#));
    for here in [
        "//example.com",
        "https://example.com",
        "..",
        "keys\r\nx: y",
        "",
    ] {
        let chosen = visitor
            .post("language", &form, &[("language", "ja"), ("here", here)])
            .await;
        assert_eq!(chosen.location(), "keys", "{here:?}");
    }
}
