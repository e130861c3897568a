//! Routes with `cors`, called as browsers call them for web pages of other origins.

use auth_api_key::{ApiKey, AuthMethod, Authenticator, Identity, NewKey, Routes, route, routes};
use axum::{
    Router,
    http::{Method, StatusCode, header, request::Parts},
    response::IntoResponse,
    routing::get,
};
use tests::{Answer, GatedStore, Server};

const ORIGIN: &str = "Origin: https://shop.example";
const HEADERS: &str = "Origin, X-Requested-With, Content-Type, Accept, Authorization";

async fn app(routes: Routes<Authenticator>) -> Router {
    let auth = Authenticator::builder();
    let auth = auth.build(GatedStore::default()).await.unwrap();
    let key = NewKey::new("key", "user").text("good-key");
    auth.keys().create(key).await.unwrap();
    Router::new().merge(routes).with_state(auth)
}

async fn serve(routes: Routes<Authenticator>) -> Server {
    Server::start(app(routes).await).await
}

async fn send(server: &Server, method: &str, path: &str, headers: &[&str]) -> Answer {
    let headers: Vec<&[u8]> = headers.iter().map(|header| header.as_bytes()).collect();
    server.send(method, path, &headers, b"").await
}

/// What a browser asks before a page of another origin may send this method.
async fn preflight(server: &Server, path: &str, method: &str) -> Answer {
    let asked = format!("Access-Control-Request-Method: {method}");
    let headers = "Access-Control-Request-Headers: api-key";
    send(server, "OPTIONS", path, &[ORIGIN, &asked, headers]).await
}

/// Origin, methods and headers that an answer allows.
fn allowed(answer: &Answer) -> [Option<String>; 3] {
    ["origin", "methods", "headers"]
        .map(|what| answer.header(&format!("access-control-allow-{what}")))
}

fn allows(origin: &str, methods: &str, headers: &str) -> [Option<String>; 3] {
    [origin, methods, headers].map(|text| Some(text.to_owned()))
}

const NOTHING: [Option<String>; 3] = [None, None, None];

#[route("/stock", auth = "api_key", methods = ["GET"], cors = "*")]
async fn stock() -> &'static str {
    "plenty"
}

#[route("/stock", auth = "api_key", methods = ["POST"])]
async fn fill() -> &'static str {
    "filled"
}

#[route("/order", auth = "api_key", methods = ["PUT", "POST"], cors = "https://app.example.com")]
async fn order() {}

#[route("/any", auth = "public", cors = "*")]
async fn any(key: Option<ApiKey>, method: Method) -> String {
    format!("{method} {}", key.is_some())
}

#[tokio::test]
async fn preflight_is_answered_before_authentication() {
    let server = serve(routes![stock, order, any]).await;
    let headers = format!("{HEADERS}, api-key");
    for (path, method, expected) in [
        ("/stock", "GET", allows("*", "GET", &headers)),
        ("/stock", "HEAD", allows("*", "GET", &headers)),
        (
            "/order",
            "POST",
            allows("https://app.example.com", "PUT, POST", &headers),
        ),
        ("/any", "DELETE", allows("*", "DELETE", &headers)),
        ("/any", "POST", allows("*", "GET, POST", &headers)),
    ] {
        let answer = preflight(&server, path, method).await;
        assert_eq!(answer.status, 204, "{path} {method}: {answer:?}");
        assert_eq!(allowed(&answer), expected, "{path} {method}");
        assert_eq!(answer.header("access-control-max-age").unwrap(), "86400");
        assert_eq!(
            answer.header("vary").unwrap(),
            "origin, access-control-request-method"
        );
    }
    let asked = "Access-Control-Request-Method: GET";
    let wrong_key = [ORIGIN, asked, "API-KEY: wrong"];
    let answer = send(&server, "OPTIONS", "/stock", &wrong_key).await;
    assert_eq!(answer.status, 204);
}

#[tokio::test]
async fn preflight_allows_the_header_that_carries_the_key() {
    let auth = Authenticator::builder().header("X-Shop-Key");
    let auth = auth.build(GatedStore::default()).await.unwrap();
    let server = Server::start(Router::new().merge(routes![stock]).with_state(auth)).await;
    let answer = preflight(&server, "/stock", "GET").await;
    let headers = format!("{HEADERS}, x-shop-key");
    assert_eq!(allowed(&answer), allows("*", "GET", &headers));
}

#[tokio::test]
async fn preflight_is_for_the_route_of_the_method_that_it_asks_for() {
    for routes in [routes![stock, fill], routes![fill, stock]] {
        let server = serve(routes).await;
        assert_eq!(preflight(&server, "/stock", "GET").await.status, 204);
        let answer = preflight(&server, "/stock", "POST").await;
        assert_eq!((answer.status, allowed(&answer)), (405, NOTHING));
        let key = [ORIGIN, "API-KEY: good-key"];
        let answer = send(&server, "GET", "/stock", &key).await;
        assert_eq!(answer.body, "plenty");
        assert_eq!(allowed(&answer)[0].as_deref(), Some("*"));
        let answer = send(&server, "POST", "/stock", &key).await;
        assert_eq!(
            (answer.body.as_str(), allowed(&answer)),
            ("filled", NOTHING)
        );
    }
}

mod head {
    use auth_api_key::route;

    #[route("/head", auth = "none", methods = ["GET"], cors = "*")]
    pub(crate) async fn get() {}

    #[route("/head", auth = "none", methods = ["HEAD"])]
    pub(crate) async fn head() {}
}

#[tokio::test]
async fn separate_head_route_has_its_own_preflight() {
    let server = serve(routes![head::get, head::head]).await;
    assert_eq!(preflight(&server, "/head", "GET").await.status, 204);
    assert_eq!(preflight(&server, "/head", "HEAD").await.status, 405);
}

#[route("/stock", auth = "api_key", methods = ["OPTIONS", "DELETE"])]
async fn options_of_stock(method: Method) -> String {
    method.to_string()
}

#[tokio::test]
async fn other_options_requests_are_requests() {
    let server = serve(routes![stock, any]).await;
    let asked = "Access-Control-Request-Method: GET";
    for headers in [&[ORIGIN][..], &[asked], &[]] {
        let answer = send(&server, "OPTIONS", "/stock", headers).await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.header("allow").unwrap(), "GET,HEAD");
        let answer = send(&server, "OPTIONS", "/any", headers).await;
        assert_eq!(answer.body, "OPTIONS false");
    }
    let answer = send(&server, "GET", "/stock", &[ORIGIN, asked]).await;
    assert_eq!(answer.status, 401);

    let server = serve(routes![stock, options_of_stock]).await;
    assert_eq!(preflight(&server, "/stock", "GET").await.status, 204);
    let refused = preflight(&server, "/stock", "DELETE").await;
    assert_eq!((refused.status, allowed(&refused)), (401, NOTHING));
    for method in ["OPTIONS", "DELETE"] {
        let key = [ORIGIN, "API-KEY: good-key"];
        assert_eq!(send(&server, method, "/stock", &key).await.body, method);
    }
}

#[tokio::test]
async fn every_answer_is_shared_with_the_origin() {
    let (auth, store) = GatedStore::default().node().await;
    let key = NewKey::new("key", "user").text("good-key");
    auth.keys().create(key).await.unwrap();
    let app = Router::new()
        .merge(routes![stock, own, with_own_header])
        .route("/by_hand", get(order))
        .with_state(auth);
    let server = Server::start(app).await;
    for (path, key, status, origin) in [
        ("/stock", "API-KEY: good-key", 200, "*"),
        ("/stock", "No-Key: 1", 401, "*"),
        ("/stock", "API-KEY: wrong", 401, "*"),
        (
            "/by_hand",
            "API-KEY: good-key",
            200,
            "https://app.example.com",
        ),
        ("/by_hand", "API-KEY: wrong", 401, "https://app.example.com"),
        ("/own/1", "Word: please", 200, "*"),
        ("/own/x", "Word: please", 400, "*"),
        ("/own/1", "Word: now", 402, "*"),
        (
            "/with_own_header",
            "No-Key: 1",
            200,
            "https://other.example",
        ),
    ] {
        let answer = send(&server, "GET", path, &[ORIGIN, key]).await;
        assert_eq!(answer.status, status, "{path} {key}");
        assert_eq!(allowed(&answer)[0].as_deref(), Some(origin), "{path} {key}");
    }
    store.set_failing(true);
    let answer = send(&server, "GET", "/stock", &[ORIGIN, "API-KEY: other"]).await;
    assert_eq!(answer.status, 503);
    assert_eq!(allowed(&answer)[0].as_deref(), Some("*"));
}

struct MagicWord;

impl AuthMethod for MagicWord {
    type State = Authenticator;
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(parts: &mut Parts, _: &Authenticator) -> Result<(), StatusCode> {
        match parts.headers.get("word") {
            Some(word) if word == "please" => Ok(()),
            _ => Err(StatusCode::PAYMENT_REQUIRED),
        }
    }
}

#[route("/own/{n}", auth = MagicWord, cors = "*")]
async fn own(_: Identity<MagicWord>, n: u8) -> String {
    n.to_string()
}

#[route("/with_own_header", auth = "none", cors = "*")]
async fn with_own_header() -> impl IntoResponse {
    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "https://other.example")]
}

#[tokio::test]
async fn preflight_of_a_route_without_keys_allows_no_header_of_a_key() {
    let server = serve(routes![own]).await;
    let answer = preflight(&server, "/own/1", "GET").await;
    assert_eq!(allowed(&answer), allows("*", "GET, POST", HEADERS));
}

#[tokio::test]
async fn preflight_holds_when_another_router_has_the_path_too() {
    let other = Router::new().route("/stock", axum::routing::patch(async || "patched"));
    for app in [
        app(routes![stock]).await.merge(other.clone()),
        other.clone().merge(app(routes![stock]).await),
        Router::new().nest("/outer", app(routes![stock]).await.merge(other)),
    ] {
        let server = Server::start(app).await;
        let nested = send(&server, "PATCH", "/stock", &[]).await.status == 404;
        let path = if nested { "/outer/stock" } else { "/stock" };
        assert_eq!(send(&server, "PATCH", path, &[]).await.body, "patched");
        assert_eq!(preflight(&server, path, "GET").await.status, 204);
        assert_eq!(preflight(&server, path, "PATCH").await.status, 405);
    }
}

#[route("/stock", auth = "api_key", methods = ["PUT"], cors = "*")]
async fn stock_anew() {}

#[test]
#[should_panic(expected = "for `OPTIONS /stock`")]
fn routes_of_one_path_with_cors_stand_in_one_list() {
    let list: Routes<Authenticator> = routes![stock];
    let other: Routes<Authenticator> = routes![stock_anew];
    let _ = Router::new().merge(list).merge(other);
}

#[route("/call?a", auth = "api_key", type = "jsonrpc", cors = "*")]
async fn call(a: u8) -> u8 {
    a
}

#[tokio::test]
async fn refused_call_is_shared_with_the_origin() {
    let server = serve(routes![call]).await;
    let answer = preflight(&server, "/call", "POST").await;
    let headers = format!("{HEADERS}, api-key");
    assert_eq!(allowed(&answer), allows("*", "POST", &headers));
    let answer = send(&server, "POST", "/call", &[ORIGIN]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(allowed(&answer)[0].as_deref(), Some("*"));
    let list: Routes<Authenticator> = routes![call, fill];
    let origins: Vec<_> = list.iter().map(|route| route.cors).collect();
    assert_eq!(origins, [&["*"][..], &[]]);
}

#[route(
    "/several",
    auth = "api_key",
    methods = ["POST"],
    cors = ["https://app.example.com", "https://shop.example"],
    cors_headers = ["traceparent", "Mcp-Session-Id"],
)]
async fn several() {}

#[tokio::test]
async fn each_of_several_origins_is_named_only_to_itself() {
    let server = serve(routes![several]).await;
    let headers = format!("{HEADERS}, api-key, traceparent, Mcp-Session-Id");
    let answer = preflight(&server, "/several", "POST").await;
    assert_eq!(
        allowed(&answer),
        allows("https://shop.example", "POST", &headers)
    );
    let key = "API-KEY: good-key";
    let answer = send(&server, "POST", "/several", &[ORIGIN, key]).await;
    assert_eq!(allowed(&answer)[0].as_deref(), Some("https://shop.example"));
    let readable = answer.header("access-control-expose-headers").unwrap();
    assert_eq!(readable, "traceparent, Mcp-Session-Id");
    assert!(answer.headers.contains(&("vary".into(), "origin".into())));
    for origin in [&["Origin: https://evil.example"][..], &[]] {
        let answer = send(&server, "POST", "/several", &[&[key][..], origin].concat()).await;
        assert_eq!((answer.status, allowed(&answer)), (200, NOTHING));
        assert_eq!(answer.header("access-control-expose-headers"), None);
        assert!(answer.headers.contains(&("vary".into(), "origin".into())));
    }
    let asked = "Access-Control-Request-Method: POST";
    let evil = ["Origin: https://evil.example", asked];
    let answer = send(&server, "OPTIONS", "/several", &evil).await;
    assert_eq!((answer.status, &allowed(&answer)[0]), (204, &None));
}
