//! Pages for whom the program itself knows: each request asks the program.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use auth_api_key::{AuthMethod, Authenticator, admin::Operator, key::TrailFilter};
use axum::{
    Router,
    http::{StatusCode, request::Parts},
};
use tests::{Server, cluster::Shared, over_each_database};

use crate::{
    ORIGIN,
    access::{CHANGES, PAGES, everything, sees_everything_and_changes_nothing, three},
    visitor::Visitor,
};

/// Who is logged in to the program, by their cookie.
type Sessions = Arc<Mutex<BTreeMap<&'static str, Operator>>>;

struct Staff;

impl AuthMethod for Staff {
    type State = Sessions;
    type Identity = Operator;
    type Rejection = (StatusCode, &'static str);

    async fn authenticate(
        parts: &mut Parts,
        sessions: &Sessions,
    ) -> Result<Operator, Self::Rejection> {
        let cookies = parts.headers.get("cookie");
        let cookies = cookies.and_then(|cookies| cookies.to_str().ok());
        let mut cookies = cookies.unwrap_or("").split("; ");
        let session = cookies.find_map(|cookie| cookie.strip_prefix("staff="));
        let sessions = sessions.lock().unwrap();
        let known = session.and_then(|session| sessions.get(session));
        known
            .cloned()
            .ok_or((StatusCode::UNAUTHORIZED, "log in first"))
    }
}

async fn pages(auth: &Authenticator) -> (Server, Sessions) {
    let sessions = Sessions::default();
    let known = [
        ("m", Operator::manager("ada")),
        ("v", Operator::viewer("bob")),
        ("k", Operator::manager("alice (key 1)")),
        (
            "l",
            Operator::manager(format!("{} (key 1) and more", "a".repeat(242))),
        ),
    ];
    sessions.lock().unwrap().extend(known);
    let pages = auth.admin_pages_by::<Staff>(ORIGIN, Arc::clone(&sessions));
    let app = Router::new().nest("/admin", pages.unwrap().into());
    (Server::start_knowing_addresses(app).await, sessions)
}

fn staff(server: &Server, session: &str) -> Visitor {
    let visitor = Visitor::of(server);
    visitor.set_cookie("staff", session);
    visitor
}

#[tokio::test]
async fn nobody_sees_a_page_whom_the_program_does_not_know() {
    let (auth, [manager, _, _]) = three().await;
    let (server, sessions) = pages(&auth).await;
    let before = everything(&auth).await;
    let known = staff(&server, "m");
    let form = known.get("keys").await.form();
    // With the form of somebody who is known, and with a key of a group that has this name elsewhere.
    let stranger = known.at(&server);
    stranger.set_cookie("staff", "x");
    for page in PAGES {
        let answer = stranger.get(page).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{page}");
        assert_eq!(answer.body, "log in first");
        let kept_out = answer.headers.get("content-security-policy");
        assert!(kept_out.is_some(), "{page}");
    }
    for (page, fields) in CHANGES {
        let answer = stranger.post(page, &form, fields).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{page}");
    }
    for page in ["sign-in", "sign-out"] {
        let answer = known.post(page, &form, &[("key", &manager)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(everything(&auth).await, before);
    // Each request asks.
    assert_eq!(known.get("keys").await.status, StatusCode::OK);
    sessions.lock().unwrap().remove("m");
    assert_eq!(known.get("keys").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn viewer_of_the_program_changes_nothing() {
    let (auth, _) = three().await;
    let (server, _) = pages(&auth).await;
    let visitor = staff(&server, "v");
    // The language.
    sees_everything_and_changes_nothing(&visitor, &auth, "bob", 1).await;
}

#[tokio::test]
async fn form_that_no_page_has_made_for_this_browser_changes_nothing() {
    let (auth, _) = three().await;
    let (server, _) = pages(&auth).await;
    let (visitor, other) = (staff(&server, "m"), staff(&server, "m"));
    let form = visitor.get("keys").await.form();
    let of_the_other = other.get("keys").await.form();
    let before = everything(&auth).await;
    for (page, fields) in CHANGES {
        for form in ["", "x", &of_the_other] {
            let refused = visitor.post(page, form, fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{page} {form}");
        }
        for headers in [
            &[][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "null")],
        ] {
            let mut request = visitor.form(page, &form, fields);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let refused = visitor.send(request).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{page} {headers:?}");
        }
    }
    assert_eq!(everything(&auth).await, before);
    // Two tabs have the same token.
    assert_eq!(visitor.get("groups").await.form(), form);
    let made = visitor.post("groups", &form, &[("code", "new")]).await;
    assert_eq!(made.location(), "groups");
    let chosen = visitor.post("language", &form, &[("language", "ja")]).await;
    assert_eq!(chosen.location(), "keys");
}

over_each_database! {
    trail_has_the_name_that_the_program_gives
    operator_without_a_key_is_not_taken_for_one_with_a_key_in_the_trail
}

async fn trail_has_the_name_that_the_program_gives(shared: Shared) {
    let (auth, _) = shared.node().await;
    let (server, _) = pages(&auth).await;
    let visitor = staff(&server, "m");
    let fields = [("name", "new"), ("user", "new"), ("expiry", "30")];
    let created = visitor.change("new-key", &fields).await;
    assert!(created.has(r#"id="secret""#), "{created:?}");
    let trail = auth.maintenance().trail(&TrailFilter::new()).await.unwrap();
    assert_eq!(trail.items[0].actor.as_deref(), Some("ada"));
}

async fn operator_without_a_key_is_not_taken_for_one_with_a_key_in_the_trail(shared: Shared) {
    let (auth, _) = shared.node().await;
    let (server, _) = pages(&auth).await;
    let cut = format!("{} (no key)", "a".repeat(241));
    for (session, actor) in [("k", "alice (key 1) (no key)"), ("l", &cut)] {
        let visitor = staff(&server, session);
        let made = visitor.change("groups", &[("code", session)]).await;
        assert_eq!(made.location(), "groups");
        let trail = auth.maintenance().trail(&TrailFilter::new()).await.unwrap();
        assert_eq!(trail.items[0].actor.as_deref(), Some(actor));
    }
}
