//! What managers change on the pages, and what the pages show of it.

use std::time::Duration;

use reqwest::StatusCode;
use tests::{Log, cluster::Shared, name_of, over_each_database};

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
            ("name", "web shop"),
            ("new-name", "shop"),
            ("user", "user-8"),
            ("groups", "erp"),
            ("networks", ""),
            ("expiry-day", ""),
        ];
        let changed = visitor.change("key", &fields).await;
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
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let attempts: [(&str, &[(&str, &str)]); 5] = [
        ("archive-key", &[("name", "manager")]),
        (
            "delete-key",
            &[("name", "manager"), ("typed-name", "manager")],
        ),
        (
            "key",
            &[
                ("name", "manager"),
                ("new-name", "manager"),
                ("user", "manager"),
                ("groups", "viewers"),
                ("confirm", &manager),
            ],
        ),
        ("archive-user", &[("user", "manager")]),
        (
            "delete-group",
            &[("code", "managers"), ("typed-code", "managers")],
        ),
    ];
    for (page, fields) in attempts {
        let refused = visitor.change(page, fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{page}: {}",
            refused.body
        );
        assert_eq!(visitor.get("keys").await.status, StatusCode::OK, "{page}");
    }
    key(&auth.keys(), "second", &["managers"]).await;
    let archived = visitor.change("archive-key", &[("name", "manager")]).await;
    assert_eq!(archived.location(), "key?name=manager&done=done-archived");
}

#[tokio::test]
async fn key_becomes_one_of_an_operator_only_when_a_manager_confirms_it() {
    let (auth, [manager, viewer, shop]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    for group in ["managers", "viewers"] {
        for confirm in ["", "wrong", &viewer, &shop] {
            let fields = [
                ("name", "new"),
                ("user", "new"),
                ("expiry", "30"),
                ("groups", group),
                ("confirm", confirm),
            ];
            let refused = visitor.change("new-key", &fields).await;
            assert_eq!(
                refused.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{group} {confirm}"
            );
            let groups = format!("shop,{group}");
            let fields = [
                ("name", "shop"),
                ("new-name", "shop"),
                ("user", "shop"),
                ("groups", &groups),
                ("confirm", confirm),
            ];
            let refused = visitor.change("key", &fields).await;
            assert_eq!(
                refused.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{group} {confirm}"
            );
        }
    }
    assert!(auth.keys().get("new").await.unwrap().is_none());
    let fields = [
        ("name", "shop"),
        ("new-name", "shop"),
        ("user", "shop"),
        ("groups", "managers"),
        ("confirm", &manager),
    ];
    assert_eq!(
        visitor.change("key", &fields).await.location(),
        "key?name=shop&done=done-updated"
    );
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
    auth.advance(Duration::ZERO);
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
