//! Answers as Odoo gives them.

use auth_api_key::{ApiKey, Authenticator, NewKey, rejection::AnswerStyle, route, routes};
use axum::Router;
use tests::{Answer, GatedStore, Server};

#[route("/my_service/{id}?lang", auth = "api_key")]
async fn my_service(key: ApiKey, id: i64, lang: Option<i64>) -> String {
    format!("{} {id} {lang:?}", key.name)
}

#[route("/shop", auth = "api_key", groups = ["shop"])]
async fn shop(key: ApiKey) -> String {
    key.name.clone()
}

#[route("/public/{id}", auth = "public")]
async fn public(key: Option<ApiKey>, id: i64) -> String {
    format!("{:?} {id}", key.map(|key| key.name.clone()))
}

#[route("/none/{id}", auth = "none")]
async fn none(id: i64) -> String {
    id.to_string()
}

/// A server with the key `good-key`, in no group.
async fn server(style: AnswerStyle) -> (Server, Authenticator, GatedStore) {
    let store = GatedStore::default();
    let builder = Authenticator::builder().bearer(true).answers(style);
    let auth = builder.build(store.clone()).await.unwrap();
    auth.keys()
        .create(NewKey::new("key", "user").text("good-key"))
        .await
        .unwrap();
    let app = Router::new()
        .merge(routes![my_service, shop, public, none])
        .with_state(auth.clone());
    (Server::start(app).await, auth, store)
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

#[tokio::test]
async fn odoo_answers_401_without_a_key_and_403_to_a_wrong_one() {
    for (style, without) in [(AnswerStyle::Odoo, 401), (AnswerStyle::OdooAlways403, 403)] {
        let (server, auth, store) = server(style).await;
        auth.keys()
            .create(NewKey::new("old", "user").text("old-key"))
            .await
            .unwrap();
        auth.keys().archive("old").await.unwrap();

        let missing: [&[&[u8]]; 3] = [&[], &[b"API-KEY:  "], &[b"X-API-KEY: good-key"]];
        for headers in missing {
            let answer = server.get("/my_service/1", headers).await;
            assert_eq!(told(&answer), (without, "missing_api_key".to_owned()));
            assert_eq!(answer.header("www-authenticate"), None, "{style:?}");
            assert_eq!(answer.header("cache-control").unwrap(), "no-store");
        }
        let wrong: [&[&[u8]]; 4] = [
            &[b"API-KEY: bad"],
            &[b"API-KEY: GOOD-KEY"],
            &[b"API-KEY: old-key"],
            &[b"API-KEY: good-key", b"API-KEY: good-key"],
        ];
        for headers in wrong {
            let answer = server.get("/my_service/1", headers).await;
            assert_eq!(told(&answer), (403, "invalid_api_key".to_owned()));
            assert_eq!(answer.header("www-authenticate"), None, "{style:?}");
        }
        let answer = server.get_with_key("/my_service/1", "good-key").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "key 1 None"));
        let answer = server.get_with_key("/shop", "good-key").await;
        assert_eq!(told(&answer), (403, "forbidden_group".to_owned()));
        store.set_failing(true);
        let answer = server.get_with_key("/shop", "other").await;
        assert_eq!(told(&answer), (503, "unavailable".to_owned()));
    }
}

#[tokio::test]
async fn odoo_ignores_every_key_on_a_public_route() {
    let (server, auth, store) = server(AnswerStyle::Odoo).await;
    for headers in [
        &[][..],
        &[&b"API-KEY: good-key"[..]],
        &[b"API-KEY: bad"],
        &[b"API-KEY: good-key", b"API-KEY: bad"],
    ] {
        let answer = server.get("/public/1", headers).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "None 1"));
    }
    let request = axum::http::Request::builder().header("api-key", "good-key");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    assert_eq!(auth.authenticate_optional(&mut parts).await.unwrap(), None);
    assert_eq!(store.finds(), 0);
}

#[tokio::test]
async fn unreadable_capture_is_404_in_the_style_of_odoo() {
    let (odoo, ..) = server(AnswerStyle::Odoo).await;
    let (standard, ..) = server(AnswerStyle::Standard).await;
    for path in [
        "/my_service/abc",
        "/my_service/1.5",
        "/my_service/%ff",
        "/public/abc",
    ] {
        for (server, status) in [(&odoo, 404), (&standard, 400)] {
            let answer = server.get_with_key(path, "good-key").await;
            assert_eq!(
                told(&answer),
                (status, "invalid_argument".to_owned()),
                "{path}"
            );
            assert_eq!(answer.header("vary").unwrap(), "api-key, authorization");
        }
    }
    for (path, id) in [("/my_service/-1", -1), ("/my_service/007", 7)] {
        let answer = odoo.get_with_key(path, "good-key").await;
        assert_eq!(answer.body, format!("key {id} None"));
    }
    // A query parameter is no part of the path.
    let answer = odoo.get_with_key("/my_service/1?lang=x", "good-key").await;
    assert_eq!(told(&answer), (400, "invalid_argument".to_owned()));
    assert_eq!(odoo.get("/my_service/abc", &[]).await.status, 401);
    // No authenticator has a say in this one.
    assert_eq!(odoo.get("/none/abc", &[]).await.status, 400);
}
