//! What a listening server answers: each case of the table of answers, and every odd way to send a key.

use std::time::{Duration, SystemTime};

use auth_api_key::{ApiKey, Authenticator, NewKey, route, routes};
use axum::{Json, Router};
use tests::{Answer, GatedStore, Server};

#[route("/any", auth = "api_key")]
async fn any(key: ApiKey) -> String {
    key.name.clone()
}

#[route("/shop", auth = "api_key", groups = ["shop", "erp"])]
async fn shop(key: ApiKey) -> String {
    key.name.clone()
}

#[route("/public", auth = "public")]
async fn public(key: Option<ApiKey>) -> String {
    key.map_or("nobody".to_owned(), |key| key.name.clone())
}

#[route("/none", auth = "none")]
async fn none() -> &'static str {
    "open"
}

#[route("/body", auth = "api_key")]
async fn reads_json(Json(text): Json<String>) -> String {
    text
}

fn app(auth: Authenticator) -> Router {
    Router::new()
        .merge(routes![any, shop, public, none, reads_json])
        .with_state(auth)
}

/// A server with the key `key`, which is in no group; its authenticator and its store.
async fn server() -> (Server, Authenticator, GatedStore) {
    let (auth, store) = GatedStore::default().node().await;
    auth.keys()
        .create(NewKey::new("key", "user").text("good-key"))
        .await
        .unwrap();
    (Server::start(app(auth.clone())).await, auth, store)
}

fn is_invalid(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "invalid_api_key")
    );
}

fn is_missing(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "missing_api_key")
    );
}

#[tokio::test]
async fn good_key_is_admitted() {
    let (server, ..) = server().await;
    let answer = server.get_with_key("/any", "good-key").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "key"));
    assert_eq!(answer.header("cache-control").unwrap(), "private");
    assert_eq!(answer.header("vary").unwrap(), "api-key");
}

#[tokio::test]
async fn answer_to_a_missing_or_empty_key_says_what_to_send() {
    let (server, ..) = server().await;
    for headers in [&[][..], &[&b"API-KEY:"[..]], &[&b"API-KEY:   \t "[..]]] {
        let answer = server.get("/any", headers).await;
        is_missing(&answer);
        let challenge = answer.header("www-authenticate").unwrap();
        assert_eq!(challenge, r#"ApiKey realm="api", header="API-KEY""#);
        assert_eq!(answer.header("cache-control").unwrap(), "no-store");
    }
}

#[tokio::test]
async fn all_wrong_keys_get_one_identical_answer() {
    let (server, auth, _) = server().await;
    let past = SystemTime::now() - Duration::from_secs(1);
    for (name, key) in [
        ("expired", NewKey::new("expired", "user").expires_at(past)),
        ("archived", NewKey::new("archived", "user")),
        ("of-archived-user", NewKey::new("of-archived-user", "left")),
    ] {
        auth.keys().create(key.text(name)).await.unwrap();
    }
    auth.keys().archive("archived").await.unwrap();
    auth.users().archive("left").await.unwrap();

    let unknown = server.get_with_key("/any", "unknown").await;
    is_invalid(&unknown);
    assert!(unknown.header("www-authenticate").is_some());
    assert_eq!(unknown.header("cache-control").unwrap(), "no-store");
    for text in [
        "expired",
        "archived",
        "of-archived-user",
        "\u{e4}",
        "good-key2",
    ] {
        assert_eq!(server.get_with_key("/any", text).await, unknown, "{text}");
        assert_eq!(
            server.get_with_key("/shop", text).await,
            unknown,
            "{text}, before its groups"
        );
    }
    let twice = server
        .get("/any", &[b"API-KEY: good-key", b"API-KEY: good-key"])
        .await;
    assert_eq!(twice, unknown);
}

#[tokio::test]
async fn key_outside_the_groups_is_forbidden() {
    let (server, auth, _) = server().await;
    let erp = NewKey::new("erp-key", "user")
        .groups(["erp", "other"])
        .text("erp");
    auth.keys().create(erp).await.unwrap();
    assert_eq!(server.get_with_key("/shop", "erp").await.body, "erp-key");
    let answer = server.get_with_key("/shop", "good-key").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "forbidden_group")
    );
    assert_eq!(answer.header("cache-control").unwrap(), "no-store");
    assert_eq!(answer.header("www-authenticate"), None);
}

#[tokio::test]
async fn key_from_a_network_that_is_not_allowed_is_forbidden() {
    let auth = Authenticator::builder()
        .build(GatedStore::default())
        .await
        .unwrap();
    for (name, network) in [("here", "127.0.0.0/8"), ("elsewhere", "10.0.0.0/8")] {
        let key = NewKey::new(name, "user")
            .networks([network.parse().unwrap()])
            .text(name);
        auth.keys().create(key).await.unwrap();
    }
    let forbidden = |answer: Answer| {
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "forbidden_network")
        );
    };
    let server = Server::start_knowing_addresses(app(auth.clone())).await;
    assert_eq!(server.get_with_key("/any", "here").await.body, "here");
    forbidden(server.get_with_key("/any", "elsewhere").await);

    let ignorant = Server::start(app(auth.clone())).await;
    forbidden(ignorant.get_with_key("/any", "here").await);
    let mapped = auth
        .verify("here", &[], Some("::ffff:127.0.0.1".parse().unwrap()))
        .await;
    assert_eq!(mapped.unwrap().name, "here");
}

#[tokio::test]
async fn address_that_a_known_proxy_names_is_the_callers() {
    let store = GatedStore::default();
    let builder = Authenticator::builder().proxies(["127.0.0.1/32".parse().unwrap()]);
    let auth = builder.build(store).await.unwrap();
    // It is an IPv4 network, although it is written as IPv6.
    let network = "::ffff:192.0.2.0/120".parse().unwrap();
    let key = NewKey::new("office", "user").networks([network]);
    auth.keys().create(key.text("office")).await.unwrap();
    let server = Server::start_knowing_addresses(app(auth)).await;
    for (forwarded, status) in [
        ("X-Forwarded-For: 192.0.2.7", 200),
        ("X-Forwarded-For: 198.51.100.1, 192.0.2.7", 200),
        ("X-Forwarded-For: 192.0.2.7, 198.51.100.1", 403),
        ("X-Forwarded-For: nonsense", 403),
        ("Forwarded: for=192.0.2.7", 403),
    ] {
        let headers = [b"API-KEY: office", forwarded.as_bytes()];
        assert_eq!(
            server.get("/any", &headers).await.status,
            status,
            "{forwarded}"
        );
    }
}

#[tokio::test]
async fn unreachable_store_answers_503_and_the_body_does_not_run() {
    let (server, _, store) = server().await;
    store.set_failing(true);
    for path in ["/any", "/shop", "/public"] {
        let answer = server.get_with_key(path, "good-key").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (503, "unavailable")
        );
        assert_eq!(answer.header("retry-after").unwrap(), "1");
        assert_eq!(answer.header("cache-control").unwrap(), "no-store");
    }
    // These need no look-up.
    assert_eq!(
        server.get("/none", &[b"API-KEY: good-key"]).await.body,
        "open"
    );
    assert_eq!(server.get("/public", &[]).await.body, "nobody");
    is_missing(&server.get("/any", &[]).await);
}

#[tokio::test]
async fn public_route_admits_a_request_without_a_key_and_refuses_a_wrong_key() {
    let (server, ..) = server().await;
    assert_eq!(server.get("/public", &[]).await.body, "nobody");
    let answer = server.get_with_key("/public", "good-key").await;
    assert_eq!(answer.body, "key");
    assert_eq!(answer.header("vary").unwrap(), "api-key");
    is_invalid(&server.get_with_key("/public", "wrong").await);
}

#[tokio::test]
async fn open_route_makes_no_look_up() {
    let (server, _, store) = server().await;
    let answer = server.get_with_key("/none", "wrong").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "open"));
    assert_eq!(
        (answer.header("vary"), answer.header("cache-control")),
        (None, None)
    );
    assert_eq!(store.finds(), 0);
}

#[tokio::test]
async fn header_name_may_be_written_in_any_case() {
    let (server, ..) = server().await;
    for name in ["API-KEY", "api-key", "Api-Key", "aPi-KeY"] {
        let line = format!("{name}: good-key");
        assert_eq!(
            server.get("/any", &[line.as_bytes()]).await.status,
            200,
            "{name}"
        );
    }
}

#[tokio::test]
async fn keys_outside_the_header_are_ignored() {
    let (server, ..) = server().await;
    for line in [
        "X-API-KEY: good-key",
        "API_KEY: good-key",
        "APIKEY: good-key",
        "Authorization: Bearer good-key",
        "Authorization: ApiKey good-key",
        "Cookie: API-KEY=good-key",
    ] {
        is_missing(&server.get("/any", &[line.as_bytes()]).await);
    }
    for query in ["?api_key=good-key", "?API-KEY=good-key", "?key=good-key"] {
        is_missing(&server.get(&format!("/any{query}"), &[]).await);
    }
}

#[tokio::test]
async fn two_headers_are_refused() {
    let (server, ..) = server().await;
    for (first, second) in [
        ("good-key", "good-key"),
        ("good-key", "x"),
        ("x", "good-key"),
        ("", ""),
    ] {
        let lines = [format!("API-KEY: {first}"), format!("api-key: {second}")];
        is_invalid(
            &server
                .get("/any", &[lines[0].as_bytes(), lines[1].as_bytes()])
                .await,
        );
    }
}

#[tokio::test]
async fn blanks_around_a_key_are_trimmed_and_blanks_inside_belong_to_it() {
    let (server, auth, _) = server().await;
    auth.keys()
        .create(NewKey::new("inner", "user").text("key with inner space"))
        .await
        .unwrap();
    for line in [
        &b"API-KEY:good-key"[..],
        b"API-KEY:   good-key",
        b"API-KEY: good-key \t ",
    ] {
        assert_eq!(server.get("/any", &[line]).await.status, 200);
    }
    assert_eq!(
        server
            .get_with_key("/any", "key with inner space")
            .await
            .status,
        200
    );
    is_invalid(&server.get_with_key("/any", "key with  inner space").await);
    is_invalid(&server.get_with_key("/any", "good -key").await);
}

#[tokio::test]
async fn text_that_is_almost_the_key_is_refused() {
    let (server, ..) = server().await;
    for text in [
        "GOOD-KEY",
        "Good-key",
        "good-ke",
        "ood-key",
        "good-key1",
        "1good-key",
        "good-key,",
    ] {
        is_invalid(&server.get_with_key("/any", text).await);
    }
}

#[tokio::test]
async fn bytes_over_127_are_compared_as_they_are() {
    let (server, auth, _) = server().await;
    auth.keys()
        .create(NewKey::new("umlaut", "user").text("schl\u{fc}ssel"))
        .await
        .unwrap();
    assert_eq!(
        server.get_with_key("/any", "schl\u{fc}ssel").await.status,
        200
    );
    // The same letter as a letter and a combining mark, in Latin-1, and as broken UTF-8.
    is_invalid(&server.get_with_key("/any", "schlu\u{308}ssel").await);
    is_invalid(&server.get("/any", &[b"API-KEY: schl\xfcssel"]).await);
    is_invalid(&server.get("/any", &[b"API-KEY: \xff\xfe\x80"]).await);
}

#[tokio::test]
async fn nul_is_refused_by_http() {
    let (server, ..) = server().await;
    assert_eq!(
        server.get("/any", &[b"API-KEY: good-key\0"]).await.status,
        400
    );
    assert_eq!(
        server.get("/any", &[b"API-KEY: good\0-key"]).await.status,
        400
    );
}

#[tokio::test]
async fn long_keys_work_and_longer_texts_are_refused() {
    let (server, auth, _) = server().await;
    let long = "L".repeat(8_000);
    auth.keys()
        .create(NewKey::new("long", "user").text(&long))
        .await
        .unwrap();
    assert_eq!(server.get_with_key("/any", &long).await.status, 200);
    is_invalid(&server.get_with_key("/any", &format!("{long}L")).await);
    is_invalid(&server.get_with_key("/any", &"L".repeat(64 * 1024)).await);
}

#[tokio::test]
async fn bearer_is_accepted_if_the_builder_allows_it() {
    let auth = Authenticator::builder()
        .bearer(true)
        .build(GatedStore::default())
        .await
        .unwrap();
    auth.keys()
        .create(NewKey::new("key", "user").text("good-key"))
        .await
        .unwrap();
    let server = Server::start(app(auth)).await;
    for line in [
        "Authorization: Bearer good-key",
        "authorization: bearer  good-key",
    ] {
        let answer = server.get("/any", &[line.as_bytes()]).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, "key"),
            "{line}"
        );
        assert_eq!(answer.header("vary").unwrap(), "api-key, authorization");
    }
    let answer = server.get("/any", &[b"Authorization: Basic Zzp4"]).await;
    is_missing(&answer);
    let challenge = answer.header("www-authenticate").unwrap();
    assert_eq!(
        challenge,
        r#"ApiKey realm="api", header="API-KEY", Bearer realm="api""#
    );
    is_missing(&server.get("/any", &[b"Authorization: Bearer "]).await);
    is_invalid(&server.get("/any", &[b"Authorization: Bearer wrong"]).await);
    // A key in both headers is sent twice.
    let both: [&[u8]; 2] = [b"Authorization: Bearer good-key", b"API-KEY: good-key"];
    is_invalid(&server.get("/any", &both).await);
    let other: [&[u8]; 2] = [b"Authorization: Basic Zzp4", b"API-KEY: good-key"];
    assert_eq!(server.get("/any", &other).await.status, 200);
}

#[tokio::test]
async fn header_and_realm_can_be_named() {
    let builder = Authenticator::builder()
        .header("X-Shop-Key")
        .realm("Shop 1");
    let auth = builder.build(GatedStore::default()).await.unwrap();
    auth.keys()
        .create(NewKey::new("key", "user").text("good-key"))
        .await
        .unwrap();
    let server = Server::start(app(auth)).await;
    let answer = server.get("/any", &[b"x-shop-key: good-key"]).await;
    assert_eq!(
        (answer.status, answer.header("vary").unwrap().as_str()),
        (200, "x-shop-key")
    );
    let answer = server.get_with_key("/any", "good-key").await;
    is_missing(&answer);
    let challenge = answer.header("www-authenticate").unwrap();
    assert_eq!(challenge, r#"ApiKey realm="Shop 1", header="X-SHOP-KEY""#);
}

#[tokio::test]
async fn wrong_key_is_refused_before_the_arguments_are_read() {
    let (server, ..) = server().await;
    let headers: [&[u8]; 2] = [b"API-KEY: wrong", b"Content-Type: application/json"];
    is_invalid(&server.send("POST", "/body", &headers, b"no json").await);
    let headers: [&[u8]; 2] = [b"API-KEY: good-key", b"Content-Type: application/json"];
    let answer = server.send("POST", "/body", &headers, b"no json").await;
    assert_eq!(
        (answer.status, answer.header("vary").unwrap().as_str()),
        (400, "api-key")
    );
    assert_eq!(
        server
            .send("POST", "/body", &headers, b"\"json\"")
            .await
            .body,
        "json"
    );
}
