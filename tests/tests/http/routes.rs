//! A function with `#[route]`, mounted in every way.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use auth_api_key::{
    ApiKey, ApiKeyLayer, AuthMethod, Authenticator, Identity, NewKey, Rejection, Routes,
    key::KeyRecord, route, routes,
};
use axum::{
    Extension, Json, Router,
    body::{Body, Bytes},
    extract::{FromRef, FromRequestParts, Path, RawQuery, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::IntoResponse,
    routing::{any, get},
};
use tests::{GatedStore, Log, Server};
use tower::ServiceExt;

const SHOP: &str = "shop";

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    greeting: &'static str,
}

async fn state() -> AppState {
    let auth = Authenticator::builder()
        .build(GatedStore::default())
        .await
        .unwrap();
    let key = NewKey::new("key", "user").groups([SHOP]).text("good-key");
    auth.keys().create(key).await.unwrap();
    AppState {
        auth,
        greeting: "hello",
    }
}

async fn serve(routes: Routes<AppState>) -> Server {
    Server::start(Router::new().merge(routes).with_state(state().await)).await
}

/// One route with every kind of argument.
#[route(
    ["/partner/{id}/{type}?lang&page&tag", "/p/{id}/{type}?lang&page&tag"],
    auth = "api_key",
    methods = ["GET", "POST"],
    groups = [SHOP, "erp"],
)]
async fn partner(
    id: i64,
    State(greeting): State<&'static str>,
    key: ApiKey,
    r#type: String,
    lang: Option<String>,
    page: u8,
    mut tag: Vec<String>,
    headers: HeaderMap,
    body: String,
) -> Json<Vec<String>> {
    tag.sort();
    let host = format!("{:?}", headers.get("host").unwrap());
    Json(vec![
        id.to_string(),
        greeting.to_owned(),
        key.name.clone(),
        r#type,
        format!("{lang:?}"),
        page.to_string(),
        tag.join("+"),
        host,
        body,
    ])
}

#[route(["/pages", "/pages/{page}"], auth = "none")]
async fn pages(page: Option<u8>) -> String {
    format!("{page:?}")
}

#[tokio::test]
async fn capture_of_some_paths_is_none_on_the_others() {
    let server = serve(routes![pages]).await;
    for (path, status, body) in [
        ("/pages", 200, "None"),
        ("/pages/7", 200, "Some(7)"),
        ("/pages?page=7", 200, "None"),
    ] {
        let answer = server.send("GET", path, &[], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body));
    }
    let answer = server.send("GET", "/pages/300", &[], b"").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "invalid_argument")
    );
    let nested = Router::new().nest("/book/{page}", routes![pages].into());
    let server = Server::start(nested.with_state(state().await)).await;
    let answer = server.send("GET", "/book/8/pages", &[], b"").await;
    assert_eq!(answer.body, "Some(8)");
}

#[route("/pages/{page}", auth = "none")]
async fn page_of(page: u8) -> String {
    page.to_string()
}

#[tokio::test]
async fn capture_of_a_route_overrides_that_of_an_outer_router() {
    let nested = Router::new().nest("/{page}", routes![page_of].into());
    let server = Server::start(nested.with_state(state().await)).await;
    let answer = server.send("GET", "/7/pages/9", &[], b"").await;
    assert_eq!(answer.body, "9");
}

#[tokio::test]
async fn arguments_come_from_path_query_state_guard_and_extractors() {
    let server = serve(routes![partner]).await;
    for path in [
        "/partner/-7/a%20b?page=3&tag=y&tag=x",
        "/p/-7/a+b?tag=x&tag=y&page=3&lang=%C3%A4",
    ] {
        let answer = server
            .send("POST", path, &[b"API-KEY: good-key"], b"body")
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let (kind, lang) = if path.starts_with("/p/") {
            ("a+b", "Some(\"ä\")")
        } else {
            ("a b", "None")
        };
        let expected = [
            "-7", "hello", "key", kind, lang, "3", "x+y", "\"x\"", "body",
        ]
        .map(str::to_owned);
        assert_eq!(
            serde_json::from_str::<Vec<String>>(&answer.body).unwrap(),
            expected
        );
    }
    assert_eq!(
        server
            .send("PUT", "/p/1/x?page=1", &[b"API-KEY: good-key"], b"")
            .await
            .status,
        405
    );
}

#[tokio::test]
async fn argument_that_cannot_be_read_is_named() {
    let server = serve(routes![partner]).await;
    for (path, name) in [
        ("/p/seven/x?page=1", "id"),
        ("/p/%FF/x?page=1", "id"),
        ("/p/1/x", "page"),
        ("/p/1/x?page=256", "page"),
        ("/p/1/x?page=1&page=1", "page"),
        ("/p/1/x?page=1&lang=a&lang=b", "lang"),
    ] {
        let answer = server.get_with_key(path, "good-key").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "invalid_argument"),
            "{path}"
        );
        assert!(
            answer.body.contains(&format!("`{name}`")),
            "{path}: {answer:?}"
        );
        assert_eq!(
            server.get_with_key(path, "wrong").await.status,
            401,
            "the guard comes first"
        );
    }
}

/// The attribute does not know that this is an `Option`, or the next one a `Vec`.
type Maybe = Option<u32>;
type Several = Vec<u32>;

#[route("/maybe?number", auth = "none")]
async fn maybe(number: Maybe) -> String {
    format!("{number:?}")
}

#[route("/several/{numbers}", auth = "none")]
async fn several(numbers: Several) -> String {
    format!("{numbers:?}")
}

#[route("/several_named?numbers", auth = "none")]
async fn several_named(numbers: Several) -> String {
    format!("{numbers:?}")
}

#[tokio::test]
async fn option_behind_another_name_may_be_missing() {
    let server = serve(routes![maybe]).await;
    for (path, body) in [("/maybe", "None"), ("/maybe?number=7", "Some(7)")] {
        let answer = server.send("GET", path, &[], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body));
    }
    let answer = server.send("GET", "/maybe?number=seven", &[], b"").await;
    assert_eq!(answer.code(), "invalid_argument");
}

#[tokio::test]
async fn type_that_cannot_be_read_from_a_text_answers_500() {
    let app = Router::new()
        .merge(routes![several, several_named])
        .with_state(state().await);
    for path in ["/several/7", "/several_named?numbers=7"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (log, answer) = Log::of(app.clone().oneshot(request)).await;
        assert_eq!(answer.unwrap().status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(log.contains("argument=\"numbers\""), "{log}");
    }
}

#[route("/raw/{id}", auth = "none")]
async fn raw(Path(id): Path<String>, RawQuery(query): RawQuery) -> String {
    format!("{id} {query:?}")
}

#[tokio::test]
async fn extractors_of_axum_read_path_and_query_themselves() {
    let server = serve(routes![raw]).await;
    assert_eq!(
        server.get("/raw/x?lang=a&b", &[]).await.body,
        r#"x Some("lang=a&b")"#
    );
}

#[route("/artikel/{größe}", auth = "none")]
async fn artikel(größe: u8) -> String {
    größe.to_string()
}

#[tokio::test]
async fn name_of_a_capture_may_be_in_any_language() {
    let server = serve(routes![artikel]).await;
    assert_eq!(server.get("/artikel/42", &[]).await.body, "42");
}

#[tokio::test]
async fn capture_that_the_router_lacks_answers_500_after_the_guard() {
    let app = Router::new()
        .route("/elsewhere", any(partner))
        .with_state(state().await);
    let server = Server::start(app).await;
    assert_eq!(
        server
            .get_with_key("/elsewhere?page=1", "wrong")
            .await
            .status,
        401
    );
    assert_eq!(
        server
            .get_with_key("/elsewhere?page=1", "good-key")
            .await
            .status,
        500
    );
}

#[route("/guarded", auth = "api_key")]
async fn guarded() -> &'static str {
    "inside"
}

#[tokio::test]
async fn every_mount_is_guarded() {
    let state = state().await;
    let with_state = |router: Router<AppState>| router.with_state(state.clone());
    let apps = [
        ("routes!", with_state(Router::new().merge(routes![guarded]))),
        (
            "get",
            with_state(Router::new().route("/guarded", get(guarded))),
        ),
        (
            "any",
            with_state(Router::new().route("/guarded", any(guarded))),
        ),
        ("fallback", with_state(Router::new().fallback(guarded))),
        ("method fallback", {
            with_state(
                Router::new().route("/guarded", axum::routing::post(guarded).fallback(guarded)),
            )
        }),
        (
            "nest",
            with_state(Router::new().nest("/outer", routes![guarded].into())),
        ),
        ("arc", {
            let router = Router::new().merge(routes![guarded]);
            router.with_state(Arc::new(state.clone()))
        }),
        ("service", {
            let service = axum::handler::Handler::with_state(guarded, state.clone());
            Router::new().route_service("/guarded", service)
        }),
        ("handler layer", {
            let layered = axum::handler::Handler::layer(guarded, Extension(1));
            with_state(Router::new().route("/guarded", get(layered)))
        }),
    ];
    for (mount, app) in apps {
        let server = Server::start(app).await;
        let path = if mount == "nest" {
            "/outer/guarded"
        } else {
            "/guarded"
        };
        assert_eq!(server.get(path, &[]).await.status, 401, "{mount}");
        assert_eq!(
            server.get_with_key(path, "wrong").await.status,
            401,
            "{mount}"
        );
        assert_eq!(
            server.get_with_key(path, "good-key").await.body,
            "inside",
            "{mount}"
        );
    }
}

#[route("/body", auth = "api_key")]
async fn reads_body(body: Bytes) -> String {
    format!("{} bytes", body.len())
}

#[tokio::test]
async fn body_of_a_refused_request_is_not_read() {
    let app: Router = Router::new()
        .merge(routes![reads_body])
        .with_state(state().await);
    for (key, read) in [("wrong", false), ("good-key", true)] {
        let polled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&polled);
        let stream = futures_util::stream::poll_fn(move |_| {
            flag.store(true, Ordering::SeqCst);
            std::task::Poll::Ready(None::<Result<Bytes, std::io::Error>>)
        });
        let request = Request::post("/body").header("api-key", key);
        let request = request.body(Body::from_stream(stream)).unwrap();
        app.clone().oneshot(request).await.unwrap();
        assert_eq!(polled.load(Ordering::SeqCst), read, "{key}");
    }
}

#[route("/seen", auth = "api_key")]
async fn seen(headers: HeaderMap) -> String {
    format!("{headers:?}")
}

#[tokio::test]
async fn key_is_marked_sensitive_after_the_guard() {
    let server = serve(routes![seen]).await;
    let answer = server.get_with_key("/seen", "good-key").await;
    assert!(
        answer.body.contains(r#""api-key": Sensitive"#),
        "{answer:?}"
    );
}

async fn all_headers(_: Result<ApiKey, Rejection>, headers: HeaderMap) -> String {
    format!("{headers:?}")
}

#[tokio::test]
async fn every_value_is_marked_sensitive() {
    let builder = Authenticator::builder().bearer(true);
    let auth = builder.build(GatedStore::default()).await.unwrap();
    let server = Server::start(Router::new().route("/", get(all_headers)).with_state(auth)).await;
    let headers: [&[u8]; 4] = [
        b"API-KEY: swordfish-1",
        b"API-KEY: swordfish-2",
        b"Authorization: Basic swordfish-3",
        b"Authorization: Bearer swordfish-4",
    ];
    let answer = server.get("/", &headers).await;
    assert!(
        answer.body.contains("Sensitive") && !answer.body.contains("swordfish"),
        "{answer:?}"
    );
}

#[route("/own-headers", auth = "api_key")]
async fn own_headers() -> impl IntoResponse {
    [
        (header::CACHE_CONTROL, "max-age=60"),
        (header::VARY, "accept"),
    ]
}

#[tokio::test]
async fn headers_that_the_handler_sets_stay() {
    let server = serve(routes![own_headers]).await;
    let answer = server.get_with_key("/own-headers", "good-key").await;
    assert_eq!(answer.header("cache-control").unwrap(), "max-age=60");
    assert_eq!(answer.header("vary").unwrap(), "accept, api-key");
}

/// Admits whoever sends the magic word, which is the state's greeting.
struct MagicWord;

impl AuthMethod for MagicWord {
    type State = &'static str;
    type Identity = usize;
    type Rejection = (StatusCode, &'static str);

    async fn authenticate(
        parts: &mut Parts,
        word: &&'static str,
    ) -> Result<usize, Self::Rejection> {
        match parts.headers.get("word") {
            Some(said) if said == *word => Ok(word.len()),
            _ => Err((StatusCode::PAYMENT_REQUIRED, "say the word")),
        }
    }
}

#[route("/magic/{n}", auth = MagicWord)]
async fn magic(Identity(length): Identity<MagicWord>, n: usize) -> String {
    (length * n).to_string()
}

#[tokio::test]
async fn custom_auth_decides_before_the_arguments_are_read() {
    let server = serve(routes![magic]).await;
    assert_eq!(server.get("/magic/3", &[b"word: hello"]).await.body, "15");
    let refused = server.get("/magic/three", &[b"word: please"]).await;
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (402, "say the word")
    );
    assert_eq!(
        server.get("/magic/three", &[b"word: hello"]).await.status,
        400
    );
}

/// An extractor of one state type.
struct Greeting(&'static str);

impl FromRequestParts<AppState> for Greeting {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self(state.greeting))
    }
}

#[route("/greeting", auth = "api_key", state = AppState)]
async fn own_extractor(Greeting(word): Greeting) -> &'static str {
    word
}

#[tokio::test]
async fn state_option_names_the_state_of_an_extractor() {
    let server = serve(routes![own_extractor]).await;
    assert_eq!(
        server.get_with_key("/greeting", "good-key").await.body,
        "hello"
    );
}

async fn plain(key: ApiKey) -> String {
    key.name.clone()
}

async fn plain_result(key: Result<ApiKey, Rejection>) -> String {
    match key {
        Ok(key) => key.name.clone(),
        Err(rejection) => format!("{:?}", rejection.reason()),
    }
}

#[tokio::test]
async fn api_key_is_an_extractor_of_plain_handlers() {
    let app = Router::new()
        .route("/plain", get(plain))
        .route("/result", get(plain_result))
        .route(
            "/optional",
            get(async |key: Option<ApiKey>| key.is_some().to_string()),
        )
        .with_state(state().await);
    let server = Server::start(app).await;
    assert_eq!(server.get("/plain", &[]).await.code(), "missing_api_key");
    assert_eq!(
        server.get_with_key("/plain", "wrong").await.code(),
        "invalid_api_key"
    );
    assert_eq!(server.get_with_key("/plain", "good-key").await.body, "key");
    assert_eq!(server.get("/result", &[]).await.body, "MissingKey");
    assert_eq!(server.get("/optional", &[]).await.body, "false");
    assert_eq!(server.get_with_key("/optional", "wrong").await.status, 401);
    assert_eq!(
        server.get_with_key("/optional", "good-key").await.body,
        "true"
    );
}

#[tokio::test]
async fn layer_guards_a_router_and_hands_the_key_on() {
    let auth = state().await.auth;
    let who = async |Extension(key): Extension<ApiKey>| key.name.clone();
    let guard = |groups: &[&str]| ApiKeyLayer::new(auth.clone()).groups(groups.iter().copied());
    let app = Router::new()
        .route("/any", get(who).layer(guard(&[])))
        .route("/shop", get(who).layer(guard(&["erp", "shop"])))
        .route("/erp", get(who).layer(guard(&["erp"])))
        .route("/open", get(async || "open"));
    let server = Server::start(app).await;
    assert_eq!(server.get("/any", &[]).await.code(), "missing_api_key");
    let answer = server.get_with_key("/any", "good-key").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "key"));
    assert_eq!(answer.header("vary").unwrap(), "api-key");
    assert_eq!(answer.header("cache-control").unwrap(), "private");
    assert_eq!(server.get_with_key("/shop", "good-key").await.body, "key");
    assert_eq!(
        server.get_with_key("/erp", "good-key").await.code(),
        "forbidden_group"
    );
    assert_eq!(server.get("/open", &[]).await.body, "open");
}

mod inner {
    use auth_api_key::route;

    /// Documented.
    #[route("/inner", auth = "none", methods = ["GET"])]
    pub(crate) async fn inner() {}
}

#[test]
fn list_of_routes_is_a_table() {
    let routes: Routes<AppState> = routes![guarded, inner::inner, partner, magic];
    let info: Vec<_> = routes.iter().collect();
    assert_eq!(info[1].handler, "http::routes::inner::inner");
    assert_eq!(
        (info[2].groups, info[2].methods),
        (&["shop", "erp"][..], &["GET", "POST"][..])
    );
    let table = routes.to_string();
    let without_places: Vec<String> = table
        .lines()
        .map(|line| {
            let (line, place) = line.rsplit_once("  ").unwrap();
            assert!(
                place == "AT" || place.starts_with("tests/tests/http/routes.rs:"),
                "{place}"
            );
            line.trim_end().to_owned()
        })
        .collect();
    let expected = "\
METHODS   PATH                  TYPE  AUTH       GROUPS    CORS  HANDLER
any       /guarded              http  api_key    -         -     http::routes::guarded
GET       /inner                http  none       -         -     http::routes::inner::inner
GET,POST  /partner/{id}/{type}  http  api_key    shop,erp  -     http::routes::partner
GET,POST  /p/{id}/{type}        http  api_key    shop,erp  -     http::routes::partner
any       /magic/{n}            http  MagicWord  -         -     http::routes::magic";
    assert_eq!(without_places.join("\n"), expected);
}

#[test]
fn unguarded_runs_the_body_in_tests() {
    let key = ApiKey::unverified(KeyRecord::new(1, "name", "user"));
    let body = futures_util::FutureExt::now_or_never(shadowing::unguarded(key));
    assert_eq!(body.unwrap(), "name inside");
}

/// Items with names that an expansion uses. An expansion must not depend on what is in scope, and the
/// handler's name must be free inside the body.
mod shadows {
    #![allow(dead_code, non_camel_case_types)]
    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct String;
    pub(crate) struct Box;
    pub(crate) struct Send;
    pub(crate) struct parts;
    pub(crate) struct state;
    pub(crate) struct guard;
    pub(crate) struct value;
    pub(crate) struct admitted;
    pub(crate) struct answer;
    pub(crate) struct refused;
    pub(crate) struct captures;
}

mod crowded {
    use auth_api_key::route;

    use super::shadows::{
        Box, Option, Result, Send, String, admitted, answer, captures, guard, parts, refused,
        state, value,
    };

    type All = (
        (Box, Option, Result, Send, String),
        (
            admitted,
            answer,
            captures,
            guard,
            parts,
            refused,
            state,
            value,
        ),
    );

    #[route("/crowded/{id}?page", auth = "api_key")]
    pub(crate) async fn crowded(id: u8, page: ::std::option::Option<u8>) -> &'static str {
        let _: ::std::option::Option<All> = None;
        let _ = (id, page);
        "crowded"
    }
}

#[route("/shadowing", auth = "api_key")]
async fn shadowing(shadowing: ApiKey) -> String {
    let shadowing = &shadowing.name;
    format!("{shadowing} inside")
}

#[route("/match", auth = "none")]
async fn r#match() -> &'static str {
    "match"
}

macro_rules! generated {
    ($name:ident, $path:literal) => {
        #[route($path, auth = "api_key")]
        #[deprecated]
        #[cfg(not(any()))]
        #[tracing::instrument(skip(key))]
        async fn $name(key: ApiKey) -> String {
            key.user.clone()
        }
    };
}

generated!(generated, "/generated");

macro_rules! generated_of_parts {
    ($name:ident, $key:ty, $page:ty, $body:block) => {
        #[route("/of_parts?page", auth = "public")]
        #[expect(unused_variables, reason = "a body of another place cannot name them")]
        async fn $name(key: $key, page: $page) -> String $body
    };
}

generated_of_parts!(of_parts, Option<ApiKey>, Option<u8>, {
    "of parts".to_owned()
});

#[tokio::test]
#[expect(deprecated, reason = "the attribute is the handler's")]
async fn expansion_works_with_any_names_and_attributes_of_the_user() {
    let server = serve(routes![
        crowded::crowded,
        shadowing,
        r#match,
        generated,
        of_parts
    ])
    .await;
    for (path, body) in [
        ("/crowded/1", "crowded"),
        ("/shadowing", "key inside"),
        ("/match", "match"),
        ("/generated", "user"),
        ("/of_parts", "of parts"),
    ] {
        let answer = server.get_with_key(path, "good-key").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body), "{path}");
    }
}
