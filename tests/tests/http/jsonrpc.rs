//! Routes with `type = "jsonrpc"`, and what an Odoo 16 answers to the same requests.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use auth_api_key::{
    ApiKey, Authenticator, NewKey, Routes, route, routes,
    routing::{JsonRequest, JsonRpcError, Params},
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, Method},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tests::{Answer, GatedStore, Server};
use tower::ServiceExt;

const KEY: &str = "API-KEY: good-key";
const JSON: &str = "Content-Type: application/json";

async fn authenticator(store: &GatedStore) -> Authenticator {
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    let key = NewKey::new("key", "user").text("good-key");
    auth.keys().create(key).await.unwrap();
    auth
}

async fn serve(routes: Routes<Authenticator>) -> Server {
    let auth = authenticator(&GatedStore::default()).await;
    Server::start(Router::new().merge(routes).with_state(auth)).await
}

async fn send(server: &Server, path: &str, headers: &[&str], body: &str) -> Answer {
    let headers: Vec<&[u8]> = headers.iter().map(|header| header.as_bytes()).collect();
    server.send("POST", path, &headers, body.as_bytes()).await
}

/// Calls with a good key.
async fn call(server: &Server, path: &str, body: &str) -> Value {
    let answer = send(server, path, &[KEY, JSON], body).await;
    envelope(&answer, 200)
}

fn envelope(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(
        answer.header("content-type").unwrap(),
        "application/json; charset=utf-8"
    );
    serde_json::from_str(&answer.body).unwrap()
}

/// The envelope of an error.
fn error(id: Value, code: i64, message: &str, name: &str, text: &str) -> Value {
    let data = json!({
        "name": name, "debug": "", "message": text, "arguments": [text], "context": {},
    });
    let error = json!({"code": code, "message": message, "data": data});
    json!({"jsonrpc": "2.0", "id": id, "error": error})
}

#[route("/my_json?a&b", auth = "api_key", type = "jsonrpc")]
async fn my_json(a: Value, b: Option<i64>) -> Value {
    json!({"a": a, "b": b.unwrap_or(2)})
}

#[route("/my_json_kw?a&b", auth = "api_key", type = "jsonrpc")]
async fn my_json_kw(a: i64, b: Option<i64>, Params(kw): Params<Map<String, Value>>) -> Value {
    json!({"a": a, "b": b.unwrap_or(2), "kw": kw})
}

#[tokio::test]
async fn calls_are_answered_as_odoo_answers_them() {
    let server = serve(routes![my_json, my_json_kw]).await;
    let rows = [
        (
            r#"{"jsonrpc": "2.0", "method": "call", "params": {"a": 1}, "id": 7}"#,
            json!({"jsonrpc": "2.0", "id": 7, "result": {"a": 1, "b": 2}}),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "call", "params": {"a": 1, "b": 5}, "id": "abc"}"#,
            json!({"jsonrpc": "2.0", "id": "abc", "result": {"a": 1, "b": 5}}),
        ),
        (
            r#"{"jsonrpc": "2.0", "method": "call", "params": {"a": 1}}"#,
            json!({"jsonrpc": "2.0", "id": null, "result": {"a": 1, "b": 2}}),
        ),
        (
            r#"{"params": {"a": 1}, "id": 0}"#,
            json!({"jsonrpc": "2.0", "id": 0, "result": {"a": 1, "b": 2}}),
        ),
        (
            r#"{"jsonrpc": "1.0", "params": {"a": 1}, "id": 7}"#,
            json!({"jsonrpc": "2.0", "id": 7, "result": {"a": 1, "b": 2}}),
        ),
        (
            r#"{"jsonrpc": "2.0", "params": {"a": 1, "zz": 1}, "id": 7}"#,
            json!({"jsonrpc": "2.0", "id": 7, "result": {"a": 1, "b": 2}}),
        ),
        (
            r#"{"params":{"a":1},"params":{"a":2},"id":1}"#,
            json!({"jsonrpc": "2.0", "id": 1, "result": {"a": 2, "b": 2}}),
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(call(&server, "/my_json", body).await, expected, "{body}");
    }
    let body = r#"{"jsonrpc": "2.0", "params": {"a": 1, "zz": 1}, "id": 7}"#;
    let expected = json!({"jsonrpc": "2.0", "id": 7, "result": {"a": 1, "b": 2, "kw": {"zz": 1}}});
    assert_eq!(call(&server, "/my_json_kw", body).await, expected);
}

#[tokio::test]
async fn method_and_kinds_of_json_are_those_of_odoo() {
    let server = serve(routes![my_json]).await;
    let body = r#"{"params": {"a": 1}, "id": 7}"#;
    for kind in [
        "application/json-rpc",
        "application/json; charset=utf-8",
        "Application/JSON;charset=utf-8",
    ] {
        let kind = format!("Content-Type: {kind}");
        let answer = send(&server, "/my_json", &[KEY, &kind], body).await;
        assert_eq!(envelope(&answer, 200)["id"], 7, "{kind}");
    }
    let headers = [KEY.as_bytes(), JSON.as_bytes()];
    let answer = server
        .send("PUT", "/my_json", &headers, body.as_bytes())
        .await;
    assert_eq!(envelope(&answer, 200)["id"], 7);
}

#[tokio::test]
async fn what_is_not_a_call_is_400_in_plain_text() {
    let server = serve(routes![my_json]).await;
    let call = r#"{"params": {"a": 1}, "id": 7}"#;
    for (kind, body, text) in [
        (JSON, "", "Invalid JSON data"),
        (JSON, "{", "Invalid JSON data"),
        (JSON, "[1]", "Invalid JSON-RPC data"),
        (
            JSON,
            r#"[{"params": {"a": 1}, "id": 7}]"#,
            "Invalid JSON-RPC data",
        ),
        (JSON, r#""x""#, "Invalid JSON-RPC data"),
        (JSON, "5", "Invalid JSON-RPC data"),
        (JSON, "null", "Invalid JSON-RPC data"),
        (
            "Content-Type: application/x-www-form-urlencoded",
            call,
            "Send the call with `Content-Type: application/json`",
        ),
        (
            "Content-Type: text/plain",
            call,
            "Send the call with `Content-Type: application/json`",
        ),
        (
            "X-No-Content-Type: 1",
            call,
            "Send the call with `Content-Type: application/json`",
        ),
    ] {
        let answer = send(&server, "/my_json", &[KEY, kind], body).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (400, text),
            "{kind}: {body}"
        );
        let refused = send(&server, "/my_json", &[kind], body).await;
        assert_eq!(refused.status, 401, "the guard comes first");
    }
}

#[tokio::test]
async fn argument_that_cannot_be_read_is_named_in_the_envelope() {
    let server = serve(routes![my_json, my_json_kw]).await;
    let failed = |name, text| error(json!(7), 200, "Odoo Server Error", name, text);
    let missing = "missing 1 required positional argument: 'a'";
    for (path, body) in [
        (
            "/my_json",
            r#"{"jsonrpc": "2.0", "method": "call", "id": 7}"#,
        ),
        ("/my_json", r#"{"params": null, "id": 7}"#),
        ("/my_json?a=9", r#"{"params": {}, "id": 7}"#),
    ] {
        let answer = call(&server, path, body).await;
        assert_eq!(answer, failed("builtins.TypeError", missing), "{body}");
    }
    let no_object = failed(
        "builtins.ValueError",
        "'params' must be an object, with the arguments by name",
    );
    for body in [r#"{"params": "x", "id": 7}"#, r#"{"params": [1], "id": 7}"#] {
        assert_eq!(call(&server, "/my_json", body).await, no_object, "{body}");
    }
    let body = r#"{"params": {"a": "one"}, "id": 7}"#;
    let text = "'a' cannot be read: invalid type: string \"one\", expected i64";
    let answer = call(&server, "/my_json_kw", body).await;
    assert_eq!(answer, failed("builtins.ValueError", text));
}

#[tokio::test]
async fn null_is_a_value_and_none_for_an_option() {
    let server = serve(routes![my_json]).await;
    let body = r#"{"params": {"a": null, "b": null}}"#;
    let answer = call(&server, "/my_json", body).await;
    assert_eq!(answer["result"], json!({"a": null, "b": 2}));
}

#[route("/all/{id}?tags", auth = "public", type = "jsonrpc")]
async fn all(
    key: Option<ApiKey>,
    id: u8,
    tags: Vec<String>,
    method: Method,
    headers: HeaderMap,
) -> String {
    let host = headers["host"].to_str().unwrap();
    format!("{} {id} {tags:?} {method} {host}", key.is_some())
}

#[tokio::test]
async fn captures_lists_and_extractors_are_arguments_of_a_call() {
    let server = serve(routes![all]).await;
    let body = r#"{"params": {"tags": ["x", "y"]}}"#;
    let answer = call(&server, "/all/3", body).await;
    assert_eq!(answer["result"], r#"true 3 ["x", "y"] POST x"#);
    let answer = send(&server, "/all/3", &[JSON], body).await;
    assert_eq!(
        envelope(&answer, 200)["result"],
        r#"false 3 ["x", "y"] POST x"#
    );
    let answer = call(&server, "/all/3", r#"{"params": {"tags": "x"}}"#).await;
    assert_eq!(answer["error"]["data"]["name"], "builtins.ValueError");
    let answer = send(&server, "/all/300", &[JSON], body).await;
    assert_eq!(answer.code(), "invalid_argument");
}

#[derive(serde::Deserialize)]
struct Orders {
    sale_orders: Vec<Value>,
}

#[route("/sale_orders", auth = "api_key", type = "jsonrpc", groups = ["shop"])]
async fn sale_orders(JsonRequest(body): JsonRequest<Orders>) -> Result<usize, OutOfStock> {
    match body.sale_orders.len() {
        0 => Err(OutOfStock),
        orders => Ok(orders),
    }
}

#[route("/everything?a", auth = "api_key", type = "jsonrpc")]
async fn everything(
    JsonRequest(whole): JsonRequest<Value>,
    sent: Bytes,
    a: Option<i64>,
    Params(others): Params<Map<String, Value>>,
) -> Value {
    json!({"whole": whole, "length": sent.len(), "a": a, "others": others})
}

#[tokio::test]
async fn body_without_an_envelope_is_read_whole_and_answered_in_the_envelope() {
    let auth = authenticator(&GatedStore::default()).await;
    let key = NewKey::new("shop", "user")
        .text("shop-key")
        .groups(["shop"]);
    auth.keys().create(key).await.unwrap();
    let routes = routes![sale_orders, everything];
    let server = Server::start(Router::new().merge(routes).with_state(auth)).await;
    let shop = &["API-KEY: shop-key", JSON][..];
    let body = r#"{"sale_orders": [{}], "id": 5}"#;
    let counted = json!({"jsonrpc": "2.0", "id": 5, "result": 1});
    let headers: Vec<&[u8]> = shop.iter().map(|header| header.as_bytes()).collect();
    for method in ["POST", "GET", "PUT"] {
        let answer = server
            .send(method, "/sale_orders", &headers, body.as_bytes())
            .await;
        assert_eq!(envelope(&answer, 200), counted, "{method}");
    }
    let answer = send(&server, "/sale_orders", &[KEY, JSON], body).await;
    assert_eq!(envelope(&answer, 403)["id"], Value::Null);
    let answer = send(&server, "/sale_orders", &[JSON], body).await;
    assert_eq!(envelope(&answer, 401)["id"], Value::Null);

    let answer = send(&server, "/sale_orders", shop, r#"{"sale_orders": []}"#).await;
    assert_eq!(
        envelope(&answer, 200)["error"]["data"]["message"],
        "out of stock"
    );
    let answer = send(&server, "/sale_orders", shop, r#"{"id": 5}"#).await;
    let text = "'body' cannot be read: missing field `sale_orders`";
    let expected = error(
        5.into(),
        200,
        "Odoo Server Error",
        "builtins.ValueError",
        text,
    );
    assert_eq!(envelope(&answer, 200), expected);
    let answer = send(&server, "/sale_orders", shop, r#"[{}]"#).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (400, "Invalid JSON-RPC data")
    );

    let body = r#"{"x": 1, "x": 2, "params": {"a": 3, "b": 4}, "id": null}"#;
    let answer = call(&server, "/everything", body).await;
    let expected = json!({
        "whole": {"x": 2, "params": {"a": 3, "b": 4}, "id": null},
        "length": body.len(),
        "a": 3,
        "others": {"b": 4},
    });
    assert_eq!(answer["result"], expected);
}

#[derive(Debug)]
enum ShopError {
    NotFound,
    Sold(u8),
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("404 Not Found: no such thing"),
            Self::Sold(id) => write!(f, "{id} is sold"),
        }
    }
}

impl JsonRpcError for ShopError {
    fn code(&self) -> i64 {
        match self {
            Self::NotFound => 404,
            Self::Sold(_) => 200,
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::NotFound => "404: Not Found",
            Self::Sold(_) => "Odoo Server Error",
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::NotFound => "werkzeug.exceptions.NotFound",
            Self::Sold(_) => "odoo.exceptions.UserError",
        }
    }

    fn arguments(&self) -> Vec<Value> {
        match self {
            Self::NotFound => Vec::new(),
            Self::Sold(id) => vec![self.to_string().into(), (*id).into()],
        }
    }
}

#[derive(Debug)]
struct OutOfStock;

impl fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of stock")
    }
}

impl JsonRpcError for OutOfStock {}

#[route("/plain_error", auth = "none", type = "jsonrpc")]
async fn plain_error() -> Result<(), OutOfStock> {
    Err(OutOfStock)
}

#[route("/buy?id", auth = "none", type = "jsonrpc")]
async fn buy(id: u8) -> Result<(), ShopError> {
    match id {
        0 => Err(ShopError::NotFound),
        1 => Ok(()),
        id => Err(ShopError::Sold(id)),
    }
}

/// An error that serde can write.
#[derive(Serialize)]
struct Secret(&'static str);

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of stock")
    }
}

impl JsonRpcError for Secret {}

type Outcome = Result<u8, Secret>;

#[route("/written_error", auth = "none", type = "jsonrpc")]
async fn written_error() -> Outcome {
    Err(Secret("not told"))
}

type Bought = Result<u8, ShopError>;

#[route("/alias?id", auth = "none", type = "jsonrpc")]
async fn alias(id: u8) -> Bought {
    Err(ShopError::Sold(id))
}

#[route("/unwritable", auth = "none", type = "jsonrpc")]
async fn unwritable() -> std::collections::HashMap<Vec<u8>, u8> {
    [(vec![1], 2)].into()
}

#[tokio::test]
async fn error_of_the_handler_is_in_the_envelope() {
    let server = serve(routes![buy, alias, plain_error, written_error, unwritable]).await;
    let body = |id: u8| format!(r#"{{"params": {{"id": {id}}}, "id": 3}}"#);
    let answer = call(&server, "/buy", &body(1)).await;
    assert_eq!(answer, json!({"jsonrpc": "2.0", "id": 3, "result": null}));
    let (message, name) = ("404: Not Found", "werkzeug.exceptions.NotFound");
    let mut expected = error(json!(3), 404, message, name, "404 Not Found: no such thing");
    expected["error"]["data"]["arguments"] = json!([]);
    assert_eq!(call(&server, "/buy", &body(0)).await, expected);
    let (message, name) = ("Odoo Server Error", "odoo.exceptions.UserError");
    let mut expected = error(json!(3), 200, message, name, "9 is sold");
    expected["error"]["data"]["arguments"] = json!(["9 is sold", 9]);
    for path in ["/buy", "/alias"] {
        assert_eq!(call(&server, path, &body(9)).await, expected);
    }
    for path in ["/plain_error", "/written_error"] {
        assert_eq!(
            call(&server, path, "{}").await,
            error(json!(null), 200, message, name, "out of stock")
        );
    }
    let answer = call(&server, "/unwritable", "{}").await;
    assert_eq!(answer["error"]["data"]["name"], "builtins.TypeError");
}

#[tokio::test]
async fn refused_call_gets_an_envelope_without_an_id() {
    let store = GatedStore::default();
    let auth = authenticator(&store).await;
    let app = Router::new()
        .merge(routes![my_json, grouped])
        .with_state(auth);
    let server = Server::start(app).await;
    let body = r#"{"jsonrpc": "2.0", "params": {"a": 1}, "id": 7}"#;
    let refused = |name, text| error(json!(null), 200, "Odoo Server Error", name, text);

    let answer = send(&server, "/my_json", &[JSON], body).await;
    let (name, text) = (
        "werkzeug.exceptions.Unauthorized",
        "This resource asks for an API key.",
    );
    assert_eq!(envelope(&answer, 401), refused(name, text));
    assert!(answer.header("www-authenticate").is_some());
    assert_eq!(answer.header("cache-control").unwrap(), "no-store");

    let name = "odoo.exceptions.AccessDenied";
    let answer = send(&server, "/my_json", &["API-KEY: wrong", JSON], body).await;
    assert_eq!(
        envelope(&answer, 401),
        refused(name, "The API key is not valid.")
    );
    assert!(answer.header("www-authenticate").is_some());

    let answer = send(&server, "/grouped", &[KEY, JSON], body).await;
    let text = "The API key is valid, but not for this resource.";
    assert_eq!(envelope(&answer, 403), refused(name, text));

    store.set_failing(true);
    let answer = send(&server, "/my_json", &["API-KEY: other", JSON], body).await;
    let (name, text) = (
        "werkzeug.exceptions.ServiceUnavailable",
        "API keys cannot be checked at the moment.",
    );
    assert_eq!(envelope(&answer, 503), refused(name, text));
    assert!(answer.header("retry-after").is_some());
}

#[route("/grouped", auth = "api_key", groups = ["shop"], type = "jsonrpc")]
async fn grouped() {}

#[tokio::test]
async fn refused_call_is_answered_with_its_body_unread() {
    let auth = authenticator(&GatedStore::default()).await;
    let app: Router = Router::new().merge(routes![my_json]).with_state(auth);
    for (key, status, read) in [("wrong", 401, false), ("good-key", 400, true)] {
        let polled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&polled);
        let stream = futures_util::stream::poll_fn(move |_| {
            flag.store(true, Ordering::SeqCst);
            Poll::Ready(None::<Result<Bytes, std::io::Error>>)
        });
        let request = Request::post("/my_json")
            .header("api-key", key)
            .header("content-type", "application/json");
        let request = request.body(Body::from_stream(stream)).unwrap();
        let answer = app.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(polled.load(Ordering::SeqCst), read, "{key}");
    }
}

#[tokio::test]
async fn body_limit_of_axum_holds() {
    let auth = authenticator(&GatedStore::default()).await;
    let app = Router::new()
        .merge(routes![my_json])
        .layer(DefaultBodyLimit::max(50))
        .with_state(auth);
    let server = Server::start(app).await;
    let long = format!(r#"{{"params": {{"a": "{}"}}}}"#, "x".repeat(50));
    let answer = send(&server, "/my_json", &[KEY, JSON], &long).await;
    assert_eq!(answer.status, 413);
    let short = r#"{"params": {"a": "x"}}"#;
    let answer = send(&server, "/my_json", &[KEY, JSON], short).await;
    assert_eq!(answer.status, 200);
}

#[test]
fn list_of_routes_shows_the_type() {
    let routes: Routes<Authenticator> = routes![my_json, health];
    let kinds: Vec<&str> = routes.iter().map(|route| route.kind).collect();
    assert_eq!(kinds, ["jsonrpc", "http"]);
    assert!(
        routes
            .to_string()
            .contains("  /my_json  jsonrpc  api_key  ")
    );
}

#[route("/health", auth = "none", type = "http")]
async fn health() {}
