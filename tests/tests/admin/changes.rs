//! What managers change on the pages, and what the pages show of it.

use auth_api_key::NewKey;
use reqwest::StatusCode;
use tests::{GatedStore, Log, cluster::Shared, name_of, over_each_database};

use crate::{
    access::{key, three},
    visitor::{Page, Visitor, pages},
};

/// The text of a key on the page that shows it once.
fn text_of(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    let (_, field) = page.body.split_once(r#"id="secret""#).unwrap();
    let (_, value) = field.split_once(r#"value=""#).unwrap();
    value.split('"').next().unwrap().to_owned()
}

over_each_database! {
    key_is_created_rotated_archived_and_deleted_and_the_trail_says_who
}

async fn key_is_created_rotated_archived_and_deleted_and_the_trail_says_who(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "alice", &["managers"]).await;
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
        let trail = visitor.get("trail?actor=alice").await;
        for action in ["created", "rotated", "changed", "archived"] {
            assert!(
                trail.has(&format!("<td>{action}</td>")),
                "{action}: {}",
                trail.body
            );
        }
        visitor.change("unarchive-key", &[("name", "shop")]).await;
        assert_eq!(name_of(&auth, &second).await.unwrap(), "shop");

        let fields = [("name", "shop"), ("typed-name", "shopp")];
        let kept = visitor.change("delete-key", &fields).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("name", "shop"), ("typed-name", "shop")];
        assert_eq!(
            visitor.change("delete-key", &fields).await.location(),
            "keys"
        );
        assert!(auth.keys().get("shop").await.unwrap().is_none());
        [first, second]
    })
    .await;
    for text in texts.iter().chain([&manager]) {
        assert!(!log.contains(text.as_str()), "{log}");
    }
}

#[tokio::test]
async fn last_manager_stays() {
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
    assert_eq!(again.location(), "key?name=shop");
    assert_eq!(name_of(&auth, &text).await.unwrap(), "shop");
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
    let soon = visitor.get("keys?expiring=30").await;
    assert!(soon.has("There are no such keys."), "{}", soon.body);
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
    // The pages look at 61 keys first that are not asked for.
    let (pages, last) = shown.split_at(3);
    assert_eq!(pages, [0, 19, 40].map(|keys| (keys, true, false)));
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
