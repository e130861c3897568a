//! `AnswerLayer`: one function changes every answer that the crate makes itself, and nothing else.

use auth_api_key::{
    ApiKey, ApiKeyLayer, Authenticator, NewKey, Reason, extract::AnswerLayer, rejection::Cause,
    route, routes, routing::Params,
};
use axum::{
    Json, Router,
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL},
    },
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tests::{GatedStore, Server};

#[route("/guarded", auth = "api_key", cors = "https://shop.example")]
async fn guarded(key: ApiKey) -> String {
    key.name.clone()
}

#[route("/pages/{page}?lines", auth = "none")]
async fn open(page: u32, lines: Vec<u8>) -> String {
    format!("{page} {lines:?}")
}

#[route("/json", auth = "none", methods = ["POST"])]
async fn reads_json(Json(text): Json<String>) -> String {
    text
}

#[route("/wrongly/{mounted}", auth = "none")]
async fn wrongly_mounted(mounted: String) -> String {
    mounted
}

#[route("/fails", auth = "none")]
async fn fails() -> StatusCode {
    StatusCode::UNAUTHORIZED
}

#[route("/call?count", auth = "api_key", type = "jsonrpc")]
async fn call(count: u8, rest: Params<Value>) -> Value {
    json!([count, rest.0])
}

struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("not today"))
    }
}

#[route("/unwritable", auth = "api_key", type = "jsonrpc")]
async fn unwritable() -> Unwritable {
    Unwritable
}

async fn extracts(key: ApiKey) -> String {
    key.name.clone()
}

async fn authenticator() -> Authenticator {
    let auth = Authenticator::builder()
        .build(GatedStore::default())
        .await
        .unwrap();
    let key = NewKey::new("key", "user").text("good-key");
    auth.keys().create(key).await.unwrap();
    let old = NewKey::new("old", "user").text("old-key");
    auth.keys().create(old).await.unwrap();
    auth.keys().archive("old").await.unwrap();
    auth
}

fn app(auth: Authenticator) -> Router {
    Router::new()
        .merge(routes![guarded, open, reads_json, fails, call, unwritable])
        .route("/elsewhere", get(wrongly_mounted))
        .route("/extracts", get(extracts))
        .route(
            "/layered",
            get(async || "below").layer(ApiKeyLayer::new(auth.clone())),
        )
        .with_state(auth)
}

fn described(cause: &Cause) -> String {
    match cause {
        Cause::Refused(rejection) => format!("{:?}", rejection.reason()),
        Cause::InvalidArgument { name, detail, .. } => format!("{name:?}: {detail}"),
        Cause::InvalidCall { detail, .. } => (*detail).to_owned(),
        cause => format!("{cause:?}"),
    }
}

const JSON: &[u8] = b"Content-Type: application/json";
const GOOD: &[u8] = b"API-KEY: good-key";

/// The method, path, header lines and body of a request; the status and the cause of the answer.
type Case = (
    &'static str,
    &'static str,
    &'static [&'static [u8]],
    &'static str,
    u16,
    &'static str,
);

/// A request for each answer of the crate.
const ANSWERED: [Case; 15] = [
    ("GET", "/guarded", &[], "", 401, "MissingKey"),
    (
        "GET",
        "/guarded",
        &[b"API-KEY: wrong"],
        "",
        401,
        "UnknownKey",
    ),
    (
        "GET",
        "/extracts",
        &[b"API-KEY: old-key"],
        "",
        401,
        "ArchivedKey",
    ),
    ("GET", "/layered", &[GOOD, GOOD], "", 401, "SentTwice"),
    ("POST", "/call", &[JSON], "{}", 401, "MissingKey"),
    (
        "GET",
        "/pages/first",
        &[],
        "",
        400,
        r#"Some("page"): The argument `page` cannot be read: cannot parse u32: invalid digit found in string."#,
    ),
    (
        "GET",
        "/pages/1?lines=300",
        &[],
        "",
        400,
        r#"Some("lines"): The argument `lines` cannot be read: cannot parse u8: number too large to fit in target type."#,
    ),
    (
        "GET",
        "/pages/%ff",
        &[],
        "",
        400,
        "None: Invalid UTF-8 in `page`.",
    ),
    ("GET", "/elsewhere", &[], "", 500, "ServerError"),
    (
        "POST",
        "/call",
        &[JSON, GOOD],
        "{}",
        200,
        r#"Some("count"): missing 1 required positional argument: 'count'"#,
    ),
    (
        "POST",
        "/call",
        &[JSON, GOOD],
        r#"{"params": 7}"#,
        200,
        r#"Some("params"): 'params' must be an object, with the arguments by name"#,
    ),
    (
        "POST",
        "/call",
        &[JSON, GOOD],
        "7",
        400,
        "Invalid JSON-RPC data",
    ),
    (
        "POST",
        "/call",
        &[GOOD],
        "{}",
        400,
        "Send the call with `Content-Type: application/json`",
    ),
    (
        "POST",
        "/unwritable",
        &[JSON, GOOD],
        "{}",
        200,
        "ServerError",
    ),
    (
        "OPTIONS",
        "/guarded",
        &[
            b"Origin: https://shop.example",
            b"Access-Control-Request-Method: GET",
        ],
        "",
        204,
        "Preflight",
    ),
];

#[tokio::test]
async fn every_answer_of_the_crate_passes_the_layer() {
    let layer = AnswerLayer::new(|request, cause, mut answer| {
        let seen = format!("{} {} {}", request.method, request.uri, described(cause));
        let seen = HeaderValue::from_str(&seen).unwrap();
        answer.headers_mut().insert("seen", seen);
        answer
    });
    let server = Server::start(app(authenticator().await).layer(layer)).await;
    for (method, path, headers, body, status, cause) in ANSWERED {
        let answer = server.send(method, path, headers, body.as_bytes()).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        let seen = answer.header("seen");
        assert_eq!(seen.unwrap(), format!("{method} {path} {cause}"));
    }
}

#[tokio::test]
async fn answers_of_handlers_and_axum_do_not_pass_the_layer() {
    let layer = AnswerLayer::new(|_, _, _| StatusCode::IM_A_TEAPOT.into_response());
    let server = Server::start(app(authenticator().await).layer(layer)).await;
    for (method, path, headers, body, status) in [
        ("GET", "/guarded", &[GOOD][..], "", 200),
        ("GET", "/extracts", &[GOOD], "", 200),
        ("GET", "/pages/1", &[], "", 200),
        ("GET", "/fails", &[], "", 401),
        ("GET", "/nowhere", &[], "", 404),
        ("GET", "/json", &[], "", 405),
        ("POST", "/json", &[JSON], "no json", 400),
        (
            "POST",
            "/call",
            &[JSON, GOOD],
            r#"{"params": {"count": 7}}"#,
            200,
        ),
    ] {
        let answer = server.send(method, path, headers, body.as_bytes()).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
    }
}

#[tokio::test]
async fn replaced_answer_keeps_the_headers_for_caches_and_cors() {
    let layer = AnswerLayer::new(|_, cause, _| match cause {
        Cause::Refused(rejection) if rejection.reason() == Reason::ArchivedKey => {
            let name = rejection.key().map(|key| key.name.clone());
            (StatusCode::GONE, name.unwrap()).into_response()
        }
        Cause::Refused(_) => ([(CACHE_CONTROL, "private")], "ask us").into_response(),
        _ => StatusCode::IM_A_TEAPOT.into_response(),
    });
    let server = Server::start(app(authenticator().await).layer(layer)).await;
    let answer = server.get_with_key("/guarded", "old-key").await;
    assert_eq!((answer.status, answer.body.as_str()), (410, "old"));
    assert_eq!(answer.header("cache-control").unwrap(), "no-store");
    assert_eq!(answer.header("vary").unwrap(), "api-key");
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!(allowed.unwrap(), "https://shop.example");
    let answer = server.get("/extracts", &[]).await;
    assert_eq!(answer.header("cache-control").unwrap(), "private");
    assert_eq!(answer.header("vary").unwrap(), "api-key");
    let answer = server.get("/pages/first", &[]).await;
    assert_eq!(answer.status, 418);
    assert_eq!(answer.header("cache-control").unwrap(), "no-store");
}

#[tokio::test]
async fn layers_around_find_the_cause() {
    async fn counted(response: Response) -> Response {
        let cause = response.extensions().get::<Cause>().map(described);
        let cause = cause.unwrap_or_else(|| "none".to_owned());
        ([("cause", cause)], response).into_response()
    }
    let layer = AnswerLayer::new(|_, _, _| StatusCode::IM_A_TEAPOT.into_response());
    let app = app(authenticator().await)
        .layer(layer)
        .layer(map_response(counted));
    let server = Server::start(app).await;
    for (path, cause) in [
        ("/guarded", "MissingKey"),
        ("/layered", "MissingKey"),
        ("/pages/1", "none"),
        ("/fails", "none"),
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!(answer.header("cause").unwrap(), cause, "{path}");
    }
}

#[tokio::test]
async fn debug_of_what_the_layer_gives_does_not_show_the_key() {
    let layer = AnswerLayer::new(|request, cause, _| {
        let key = &request.headers["api-key"];
        assert_eq!(key, "secret-text");
        assert_eq!(request.headers[AUTHORIZATION], "Bearer secret-text");
        format!("{request:?} {cause:?}").into_response()
    });
    let server = Server::start(app(authenticator().await).layer(layer)).await;
    let headers: [&[u8]; 2] = [
        b"API-KEY: secret-text",
        b"Authorization: Bearer secret-text",
    ];
    let answer = server.get("/guarded", &headers).await;
    assert!(answer.body.contains("UnknownKey"), "{answer:?}");
    assert!(!answer.body.contains("secret-text"), "{answer:?}");
}
