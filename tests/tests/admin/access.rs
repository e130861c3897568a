//! Who sees the pages, and who may change something.

use std::time::Duration;

use auth_api_key::{Authenticator, NewKey, authenticator::Keys, odoo::OdooStore};
use reqwest::{Method, StatusCode};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::{Server, cluster::Shared, over_each_database, postgres::Database, until};

use crate::visitor::{Page, Visitor, pages};

pub(crate) const PAGES: [&str; 9] = [
    "keys",
    "check-key",
    "key?name=manager",
    "new-key",
    "groups",
    "users",
    "trail",
    "routes",
    "keys?text=a",
];
/// What a form may be sent to, and what with.
pub(crate) const CHANGES: [(&str, &[(&str, &str)]); 12] = [
    ("check-key", &[("check-text", "x")]),
    ("archive-unused", &[("unused", "30"), ("shown", "1,2,3")]),
    (
        "new-key",
        &[("name", "new"), ("user", "new"), ("expiry", "30")],
    ),
    (
        "key",
        &[("name", "shop"), ("new-name", "other"), ("user", "shop")],
    ),
    ("rotate-key", &[("name", "shop"), ("overlap", "0")]),
    ("archive-key", &[("name", "shop")]),
    ("unarchive-key", &[("name", "shop")]),
    ("delete-key", &[("name", "shop"), ("typed-name", "shop")]),
    ("groups", &[("code", "new"), ("name", "")]),
    ("delete-group", &[("code", "shop"), ("typed-code", "shop")]),
    ("archive-user", &[("user", "shop")]),
    ("unarchive-user", &[("user", "shop")]),
];

/// A key, with a user of its own.
pub(crate) async fn key(keys: &Keys, name: &str, groups: &[&str]) -> String {
    let new = NewKey::new(name, name).groups(groups.iter().copied());
    keys.create(new).await.unwrap().secret.expose().to_owned()
}

/// An authenticator in memory, and the keys of a manager, a viewer and somebody else.
pub(crate) async fn three() -> (Authenticator, [String; 3]) {
    let auth = Authenticator::for_tests();
    let keys = auth.keys();
    let made = [
        key(&keys, "manager", &["managers"]).await,
        key(&keys, "viewer", &["viewers"]).await,
        key(&keys, "shop", &["shop"]).await,
    ];
    (auth, made)
}

/// All that the store has: nothing is changed while it stays the same.
pub(crate) async fn everything(auth: &Authenticator) -> String {
    let keys = auth.keys().list(&Default::default()).await.unwrap();
    let groups = auth.groups().list(&Default::default()).await.unwrap();
    let users = auth.users().list(&Default::default()).await.unwrap();
    let mut keys = keys.items;
    for key in &mut keys {
        key.last_used_at = None;
    }
    format!("{keys:?} {:?} {:?}", groups.items, users.items)
}

fn leads_to_sign_in(page: &Page) {
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, "sign-in"),
        "{page:?}"
    );
    assert_eq!(page.body, "");
}

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in() {
    let (auth, _) = three().await;
    let before = everything(&auth).await;
    let server = pages(&auth).await;
    let stranger = Visitor::of(&server);
    for page in PAGES {
        leads_to_sign_in(&stranger.get(page).await);
    }
    let form = stranger.get("sign-in").await.form();
    for (page, fields) in CHANGES {
        leads_to_sign_in(&stranger.post(page, &form, fields).await);
    }
    for (name, value) in [
        ("api-keys-2fadmin", ""),
        ("api-keys-2fadmin", "AAAA"),
        ("other", "x"),
    ] {
        stranger.set_cookie(name, value);
        leads_to_sign_in(&stranger.get("keys").await);
    }
    assert_eq!(everything(&auth).await, before);
}

#[tokio::test]
async fn key_that_is_not_of_an_operator_does_not_sign_in() {
    let (auth, [_, viewer, shop]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::of(&server);
    for (key, said) in [
        (shop.as_str(), "may not see these pages"),
        ("wrong", "not valid"),
        ("", "not valid"),
    ] {
        let refused = visitor.sign_in(key).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(
            refused.has(said) && (key.is_empty() || !refused.has(key)),
            "{refused:?}"
        );
        leads_to_sign_in(&visitor.get("keys").await);
    }
    // Where the program names no viewers, a group of that name means nothing.
    let alone = auth.admin_pages(crate::ORIGIN, "managers").unwrap();
    let alone = axum::Router::new().nest("/admin", alone.into());
    let alone = Server::start(alone).await;
    let refused = Visitor::of(&alone).sign_in(&viewer).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn viewer_sees_everything_and_changes_nothing() {
    let (auth, [_, viewer, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &viewer).await;
    // The language and the way out.
    sees_everything_and_changes_nothing(&visitor, &auth, "viewer", 2).await;
}

/// A viewer of this name, whose pages have so many forms that change nothing of the keys.
pub(crate) async fn sees_everything_and_changes_nothing(
    visitor: &Visitor,
    auth: &Authenticator,
    name: &str,
    forms: usize,
) {
    for page in PAGES {
        let shown = visitor.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert_eq!(shown.forms_that_change(), forms, "{page}: {}", shown.body);
        assert!(shown.has(&format!("<bdi>{name}</bdi>")), "{page}");
    }
    let before = everything(auth).await;
    let form = visitor.get("keys").await.form();
    for (page, fields) in CHANGES {
        let refused = visitor.post(page, &form, fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{page}");
    }
    assert_eq!(everything(auth).await, before);
}

#[tokio::test]
async fn form_that_no_page_of_this_browser_has_made_changes_nothing() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let other = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("keys").await.form();
    let before = everything(&auth).await;
    for (page, fields) in CHANGES.into_iter().chain([
        ("sign-out", &[][..]),
        ("language", &[("language", "en")][..]),
        ("sign-in", &[("key", manager.as_str())][..]),
    ]) {
        for headers in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", crate::ORIGIN)],
            &[("origin", "null")],
            &[("origin", "http://localhost:8071")],
            &[("origin", "https://localhost:8070")],
        ] {
            let mut request = visitor.form(page, &form, fields);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let refused = visitor.send(request).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{page} {headers:?}");
        }
        let of_the_other = other.get("keys").await.form();
        for form in ["", "x", &of_the_other] {
            let refused = visitor.post(page, form, fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{page} {form}");
        }
    }
    assert_eq!(everything(&auth).await, before);
    assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    // A browser that does not say where a page is from says its origin.
    let fields = [("code", "new"), ("name", "")];
    let request = visitor
        .form("groups", &form, &fields)
        .header("origin", crate::ORIGIN);
    assert_eq!(visitor.send(request).await.location(), "groups");
}

#[tokio::test]
async fn form_of_a_session_that_has_ended_is_refused_in_the_language_of_the_reader() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("keys").await.form();
    visitor.post("sign-out", &form, &[]).await;
    visitor.sign_in(&manager).await;
    let request = visitor.form("archive-key", &form, &[("name", "shop")]);
    let request = request.header("sec-fetch-site", "same-origin");
    let page = visitor.send(request.header("accept-language", "de")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.has("Dieses Formular ist nicht mehr gültig."),
        "{page:?}"
    );
}

#[tokio::test]
async fn each_of_two_pages_for_signing_in_signs_in() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::of(&server);
    let forms = [
        visitor.get("sign-in").await.form(),
        visitor.get("sign-in").await.form(),
    ];
    for form in forms {
        let answer = visitor.post("sign-in", &form, &[("key", &manager)]).await;
        assert_eq!(answer.location(), "keys");
    }
}

#[tokio::test]
async fn address_of_the_mount_leads_to_the_keys_with_a_slash_and_without() {
    let (auth, _) = three().await;
    let server = pages(&auth).await;
    let client = Visitor::of(&server);
    for (address, location) in [("/admin", "./admin/keys"), ("/admin/", "keys")] {
        let page = client.get(address).await;
        assert_eq!(
            (page.status, page.location()),
            (StatusCode::SEE_OTHER, location),
            "{address}"
        );
    }
    assert_eq!(client.get("nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn request_for_another_host_is_refused() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    for host in [
        "keys.example.com",
        "localhost",
        "localhost:8071",
        "127.0.0.1:8070",
        "x",
    ] {
        for page in ["keys", "sign-in", "style.css", "nothing"] {
            let request = visitor.request(Method::GET, page).header("host", host);
            let mut request = request.build().unwrap();
            request.headers_mut().insert("host", host.parse().unwrap());
            let answer = reqwest::Client::new().execute(request).await.unwrap();
            assert_eq!(
                answer.status(),
                StatusCode::MISDIRECTED_REQUEST,
                "{host} {page}"
            );
            let said = answer.text().await.unwrap();
            assert!(said.contains(crate::ORIGIN), "{said}");
        }
    }
}

#[tokio::test]
async fn every_answer_keeps_other_pages_out() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("keys").await.form();
    let mut answers = Vec::new();
    for page in
        PAGES
            .into_iter()
            .chain(["../admin", "sign-in", "style.css", "script.js", "nothing"])
    {
        answers.push((page, visitor.get(page).await));
        answers.push((page, Visitor::of(&server).get(page).await));
    }
    for (page, fields) in CHANGES {
        answers.push((page, visitor.post(page, &form, fields).await));
        answers.push((page, visitor.post(page, "", fields).await));
    }
    answers.push(("sign-out", visitor.post("sign-out", &form, &[]).await));
    for (page, answer) in answers {
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                 form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
        ] {
            let sent = answer
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap());
            assert_eq!(sent, Some(value), "{page} {name}");
        }
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.contains("; HttpOnly; SameSite=Strict"),
                "{page} {cookie}"
            );
        }
    }
}

#[tokio::test]
async fn cookie_of_an_https_origin_is_of_its_host_alone() {
    let (auth, _) = three().await;
    let pages = auth
        .admin_pages("https://localhost:8070", "managers")
        .unwrap();
    let app = axum::Router::new().nest("/a/b", pages.into());
    let request = axum::http::Request::get("/a/b/sign-in").header("host", "localhost:8070");
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(app, request).await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-api-keys-form-2fa-2fb="),
        "{cookie}"
    );
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/"),
        "{cookie}"
    );
}

#[tokio::test]
async fn session_ends_with_the_right_of_its_key() {
    let (auth, [manager, _, _]) = three().await;
    key(&auth.keys(), "second", &["managers"]).await;
    let server = pages(&auth).await;
    let keys = auth.keys();
    // What takes the right away, and gives it back.
    let visitor = Visitor::signed_in(&server, &manager).await;
    keys.archive("manager").await.unwrap();
    leads_to_sign_in(&visitor.get("keys").await);
    keys.unarchive("manager").await.unwrap();
    // It does not go on with the key.
    leads_to_sign_in(&visitor.get("keys").await);
    let visitor = Visitor::signed_in(&server, &manager).await;
    auth.users().archive("manager").await.unwrap();
    leads_to_sign_in(&visitor.get("keys").await);
    auth.users().unarchive("manager").await.unwrap();
    let visitor = Visitor::signed_in(&server, &manager).await;
    auth.groups().remove("managers", "manager").await.unwrap();
    leads_to_sign_in(&visitor.get("keys").await);
    auth.groups().add("viewers", "manager").await.unwrap();
    // A viewer from now on.
    let visitor = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("keys").await.form();
    let refused = visitor
        .post("archive-key", &form, &[("name", "shop")])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    keys.rotate("manager", Duration::ZERO).await.unwrap();
    leads_to_sign_in(&visitor.get("keys").await);
}

#[tokio::test]
async fn session_ends_after_half_an_hour_without_use_and_after_eight_hours() {
    let (auth, [manager, _, _]) = three().await;
    let server = pages(&auth).await;
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let visitor = Visitor::signed_in(&server, &manager).await;
    auth.advance(minutes(29));
    assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    auth.advance(minutes(29));
    assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    auth.advance(minutes(30));
    leads_to_sign_in(&visitor.get("keys").await);
    let visitor = Visitor::signed_in(&server, &manager).await;
    for _ in 0..19 {
        auth.advance(minutes(25));
        assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    }
    auth.advance(minutes(5));
    leads_to_sign_in(&visitor.get("keys").await);
}

over_each_database! {
    nodes_share_sessions
    eleventh_session_of_a_key_ends_the_first
    sessions_of_the_past_are_forgotten
    store_that_fails_shows_no_page
}

async fn nodes_share_sessions(shared: Shared) {
    let [(one, _), (two, _)] = [shared.node().await, shared.node().await];
    let manager = key(&one.keys(), "manager", &["managers"]).await;
    let (first, second) = (pages(&one).await, pages(&two).await);
    let visitor = Visitor::signed_in(&first, &manager).await;
    let there = visitor.at(&second);
    assert_eq!(there.get("keys").await.status, StatusCode::OK);
    let form = there.get("keys").await.form();
    assert_eq!(
        there.post("sign-out", &form, &[]).await.location(),
        "sign-in"
    );
    leads_to_sign_in(&visitor.get("keys").await);
    // Neither the token of a session nor the text of its key is in the database.
    let kept = shared
        .texts("SELECT CAST(count(*) AS TEXT) FROM api_key_session")
        .await;
    assert_eq!(kept, ["0"]);
}

async fn eleventh_session_of_a_key_ends_the_first(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let other = key(&auth.keys(), "other", &["managers"]).await;
    ends_the_first_of_eleven_sessions(&auth, &manager, &other).await;
    let kept = "SELECT CAST(count(*) AS TEXT) FROM api_key_session";
    assert_eq!(shared.texts(kept).await, ["11"]);
}

#[tokio::test]
async fn eleventh_session_of_a_key_ends_the_first_in_memory() {
    let (auth, [manager, viewer, _]) = three().await;
    ends_the_first_of_eleven_sessions(&auth, &manager, &viewer).await;
}

async fn ends_the_first_of_eleven_sessions(auth: &Authenticator, key: &str, other: &str) {
    let server = pages(auth).await;
    let other = Visitor::signed_in(&server, other).await;
    let mut visitors = Vec::new();
    for _ in 0..11 {
        visitors.push(Visitor::signed_in(&server, key).await);
        auth.advance(Duration::from_secs(1));
    }
    leads_to_sign_in(&visitors[0].get("keys").await);
    for visitor in visitors[1..].iter().chain([&other]) {
        assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    }
}

async fn sessions_of_the_past_are_forgotten(shared: Shared) {
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    shared
        .execute("UPDATE api_key_session SET used_at = used_at - 1700000")
        .await;
    assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    // The use is noted.
    shared
        .execute("UPDATE api_key_session SET used_at = used_at - 1700000")
        .await;
    assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
    shared
        .execute("UPDATE api_key_session SET used_at = used_at - 1800000")
        .await;
    leads_to_sign_in(&visitor.get("keys").await);
    let visitor = Visitor::signed_in(&server, &manager).await;
    shared
        .execute("UPDATE api_key_session SET begun_at = begun_at - 28800000")
        .await;
    leads_to_sign_in(&visitor.get("keys").await);
    Visitor::signed_in(&server, &manager).await;
    let kept = shared
        .texts("SELECT CAST(count(*) AS TEXT) FROM api_key_session")
        .await;
    assert_eq!(kept, ["1"]);
}

async fn store_that_fails_shows_no_page(shared: Shared) {
    let (auth, store) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    store.set_failing(true);
    for page in PAGES {
        let answer = visitor.get(page).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
        assert!(!answer.has("<table>"), "{page}");
    }
    store.set_failing(false);
    assert_eq!(visitor.get("keys").await.status, StatusCode::OK);
}

#[tokio::test]
async fn page_without_a_list_does_not_wait_for_a_list_that_takes_long() {
    let Some(shared) = Shared::server().await else {
        return;
    };
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let mut lock = PgConnection::connect(&shared.url()).await.unwrap();
    let locked = "BEGIN; LOCK TABLE api_key_listed";
    lock.execute(locked).await.unwrap();
    let list = async {
        let list = visitor.get("keys").await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.body);
    };
    let others = async {
        let waiting = "SELECT CAST(count(*) AS text) FROM pg_locks
                       WHERE NOT granted AND relation = to_regclass('api_key_listed')";
        until(
            async || shared.texts(waiting).await,
            vec!["1".to_owned()],
            "the list",
        )
        .await;
        for page in ["new-key", "routes"] {
            assert_eq!(visitor.get(page).await.status, StatusCode::OK, "{page}");
        }
        lock.close().await.unwrap();
    };
    tokio::join!(list, others);
}

#[tokio::test]
async fn page_does_not_wait_for_a_change_that_takes_long() {
    let Some(shared) = Shared::server().await else {
        return;
    };
    let (auth, _) = shared.node().await;
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    key(&auth.keys(), "shop", &["shop"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    // So that its next use is noted.
    shared
        .execute("UPDATE api_key_session SET used_at = used_at - 100000")
        .await;
    let mut lock = PgConnection::connect(&shared.url()).await.unwrap();
    let locked = "BEGIN; UPDATE api_key SET active = active WHERE name = 'shop'";
    lock.execute(locked).await.unwrap();
    let change = async { auth.keys().archive("shop").await.unwrap() };
    let page = async {
        let waiting = "SELECT CAST(count(*) AS text) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let one = vec!["1".to_owned()];
        until(async || shared.texts(waiting).await, one, "the change").await;
        let page = visitor.get("new-key").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        lock.close().await.unwrap();
    };
    tokio::join!(change, page);
}

#[tokio::test]
async fn keys_of_an_odoo_are_shown_and_not_changed() {
    let Some(database) = Database::new().await else {
        return;
    };
    database.execute(include_str!("../../odoo/16.sql")).await;
    let before = database.dump();
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let auth = Authenticator::builder().build(odoo).await.unwrap();
    let pages = auth.admin_pages(crate::ORIGIN, "g1").unwrap();
    let server = Server::start(axum::Router::new().nest("/admin", pages.into())).await;
    let visitor = Visitor::signed_in(&server, "good-key-0123456789abcdef").await;
    for page in [
        "keys",
        "key?name=good",
        "groups",
        "users",
        "trail",
        "new-key",
    ] {
        let shown = visitor.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(shown.has("These keys are changed elsewhere."), "{page}");
        // Nothing but the language and the way out.
        assert_eq!(shown.forms_that_change(), 2, "{page}");
    }
    let form = visitor.get("keys").await.form();
    for (page, fields) in CHANGES {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, if *value == "shop" { "good" } else { *value }))
            .chain([("confirm", "good-key-0123456789abcdef")])
            .collect();
        let refused = visitor.post(page, &form, &fields).await;
        let is_refused = refused.status.is_client_error() || refused.location().starts_with("key?");
        // This changes nothing.
        let is_check = page == "check-key" && refused.has("No key has this text.");
        assert!(is_refused || is_check, "{page}: {refused:?}");
    }
    assert_eq!(database.dump(), before);
}
