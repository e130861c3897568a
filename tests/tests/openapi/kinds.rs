//! What a document says of each kind of route, argument, body and answer.

use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use auth_api_key::{
    ApiKey, AuthMethod, Authenticator, Identity, Routes, controller,
    openapi::utoipa::{
        self, IntoParams, IntoResponses, ToSchema,
        openapi::security::{Http, HttpAuthScheme, SecurityScheme},
    },
    rejection::AnswerStyle,
    route, routes,
    routing::{JsonRpcError, Params},
    store::MemoryStore,
};
use axum::{
    Extension, Form, Json,
    body::{Body, Bytes},
    extract::{FromRequestParts, Multipart, Query, Request, State},
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE, request::Parts},
    response::{Html, IntoResponse, NoContent, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An order.
#[derive(Deserialize, Serialize, ToSchema)]
struct Order {
    id: u32,
    article: Article,
}

#[derive(Deserialize, Serialize, ToSchema)]
struct Article {
    name: String,
}

#[derive(Deserialize, Serialize, ToSchema)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State2 {
    Open,
    Shipped,
}

/// Without a schema.
#[derive(Deserialize, Serialize)]
struct Plain {
    #[expect(dead_code)]
    #[serde(skip_serializing)]
    name: String,
}

#[derive(Deserialize, IntoParams)]
struct Filter {
    /// From which on.
    #[expect(dead_code)]
    from: Option<u32>,
}

#[derive(Deserialize, ToSchema)]
struct Fields {
    #[expect(dead_code)]
    name: String,
    #[expect(dead_code)]
    age: Option<u8>,
}

#[derive(IntoResponses)]
#[expect(dead_code)]
enum Failure {
    /// Nobody has it.
    #[response(status = 404)]
    Missing,
    /// The body is right, and the order is not.
    #[response(status = 422)]
    Wrong(#[to_schema] Article),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        StatusCode::NOT_FOUND.into_response()
    }
}

struct Unknown;

impl IntoResponse for Unknown {
    fn into_response(self) -> Response {
        StatusCode::IM_A_TEAPOT.into_response()
    }
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown")
    }
}

impl JsonRpcError for Unknown {}

struct Language;

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Failure;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self)
    }
}

struct Named;

impl AuthMethod for Named {
    type State = ();
    type Identity = ();
    type Rejection = Failure;

    async fn authenticate(_: &mut Parts, (): &()) -> Result<(), Failure> {
        Ok(())
    }

    fn scheme() -> Option<(&'static str, SecurityScheme)> {
        Some((
            "Jwt",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        ))
    }
}

struct Unnamed;

impl AuthMethod for Unnamed {
    type State = ();
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(_: &mut Parts, (): &()) -> Result<(), StatusCode> {
        Ok(())
    }
}

#[derive(Clone, axum::extract::FromRef)]
struct AppState {
    auth: Authenticator,
    unit: (),
    shop: Shop,
}

/// Returns one order.
///
/// The order is one of the *caller's*.
#[route("/orders/{id}?lang&tag", auth = "api_key", methods = ["GET"], groups = ["shop", "erp"])]
async fn one(
    key: ApiKey,
    id: u32,
    lang: Option<String>,
    tag: Vec<State2>,
    headers: HeaderMap,
) -> Result<Json<Order>, Failure> {
    let _ = (key, id, lang, tag, headers);
    Err(Failure::Missing)
}

#[route("/orders", auth = "api_key", methods = ["POST"])]
#[deprecated]
async fn create(Json(_): Json<Order>) -> (StatusCode, Json<Order>) {
    unreachable!()
}

#[route(["/all", "/all/{page}"], auth = "public", methods = ["GET"])]
async fn all(page: Option<u64>, Query(_): Query<Filter>) -> Json<Vec<Order>> {
    let _ = page;
    Json(Vec::new())
}

#[route("/pages", auth = "none", methods = ["GET"])]
async fn pages(Query(_): Query<Fields>) -> Json<Page<Order>> {
    unreachable!()
}

#[route("/plain?a", auth = "none", methods = ["POST"])]
async fn plain(a: Plain, Json(_): Json<Plain>) -> Json<Plain> {
    Json(a)
}

#[route("/filtered", auth = "none", methods = ["GET"])]
async fn filtered(Query(_): Query<Plain>) -> Vec<u8> {
    Vec::new()
}

#[route("/form", auth = "none", methods = ["GET", "POST"])]
async fn form(Form(_): Form<Fields>) -> NoContent {
    NoContent
}

#[route("/upload", auth = "none", methods = ["POST"])]
async fn upload(_: Language, _: Multipart) -> Redirect {
    Redirect::to("/")
}

#[route("/bytes", auth = "none", methods = ["POST"])]
async fn bytes(_: Uri, _: Extension<u8>, _: Bytes) -> Bytes {
    Bytes::new()
}

#[route("/text", auth = "none", methods = ["POST"])]
async fn text(_: String) -> Cow<'static, str> {
    "".into()
}

#[route("/maybe", auth = "none", methods = ["POST"])]
async fn maybe(_: Option<Json<BTreeMap<String, Value>>>) -> Html<&'static str> {
    Html("")
}

#[route("/request", auth = "none", methods = ["POST"])]
async fn request(_: Request) -> Body {
    Body::empty()
}

#[route("/csv", auth = "none", methods = ["GET"])]
async fn csv() -> ([(axum::http::HeaderName, &'static str); 1], String) {
    ([(CONTENT_TYPE, "text/csv")], String::new())
}

#[route("/opaque", auth = "none", methods = ["GET"])]
async fn opaque() -> Result<impl IntoResponse, Unknown> {
    Ok("")
}

#[route("/unknown", auth = "none", methods = ["GET"])]
async fn unknown() -> Result<(), Unknown> {
    Ok(())
}

#[route("/own", auth = Named, methods = ["GET"])]
async fn own(_: Identity<Named>) {}

#[route("/unnamed", auth = Unnamed, methods = ["GET"])]
async fn unnamed(_: Identity<Unnamed>) {}

#[route("/files/{*path}", auth = "api_key", methods = ["GET"])]
async fn files(path: String) -> String {
    path
}

#[route("/any", auth = "none")]
async fn any(_: State<Authenticator>) {}

#[route("/connect", auth = "none", methods = ["CONNECT"])]
async fn connect() {}

#[route("/sum?a&b", auth = "api_key", type = "jsonrpc", methods = ["POST"])]
async fn sum(a: i32, b: Option<Vec<Order>>) -> Result<Order, Unknown> {
    let _ = (a, b);
    Err(Unknown)
}

#[route("/others?a", auth = "public", type = "jsonrpc", methods = ["POST"])]
async fn others(a: Value, Params(_): Params<Map<String, Value>>) -> Value {
    a
}

#[route("/times/{uuid}/{ip}?at&day&stamp", auth = "none", methods = ["GET"])]
async fn times(
    uuid: uuid::Uuid,
    ip: std::net::Ipv4Addr,
    at: chrono::DateTime<chrono::Utc>,
    day: jiff::civil::Date,
    stamp: jiff::Timestamp,
) {
    let _ = (uuid, ip, at, day, stamp);
}

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key", groups = ["shop"])]
impl Shop {
    /// Lists them.
    #[route("/", methods = ["GET"])]
    async fn all(&self, state: State<Self>) -> Json<Vec<Article>> {
        let _ = state;
        Json(Vec::new())
    }
}

fn listed() -> Routes<AppState> {
    #[expect(deprecated)]
    let routes = routes![
        one, create, all, pages, plain, filtered, form, upload, bytes, text, maybe, request, csv,
        opaque, unknown, own, unnamed, files, any, connect, sum, others, times, Shop
    ];
    routes
}

async fn documents(style: AnswerStyle, header: &str, bearer: bool) -> Value {
    let auth = Authenticator::builder()
        .answers(style)
        .header(header)
        .bearer(bearer)
        .build(MemoryStore::new())
        .await
        .unwrap();
    json!(listed().under("/api").openapi(&auth, "Kinds", "1.0"))
}

/// Compares a document with the reviewed one.
pub(super) fn assert_reviewed(name: &str, document: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/openapi/{name}.json"));
    let text = serde_json::to_string_pretty(document).unwrap() + "\n";
    if std::env::var_os("DOCUMENTS").is_some_and(|what| what == "overwrite") {
        fs::write(&path, &text).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == text,
        "{path:?} is another: `DOCUMENTS=overwrite cargo test -p tests --test openapi`, and read it"
    );
}

#[tokio::test]
async fn each_kind_of_route_is_described_as_reviewed() {
    let document = documents(AnswerStyle::Standard, "X-Key", true).await;
    assert_reviewed("kinds", &document);
}

const ALL_METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

#[tokio::test]
async fn each_route_is_described_or_named_with_the_reason_why_not() {
    let document = documents(AnswerStyle::Standard, "api-key", false).await;
    let left_out = document["x-not-described"].as_array().unwrap();
    let (routes, mut operations) = (listed(), 0);
    for route in routes.iter() {
        let methods = match route.methods {
            [] => &ALL_METHODS[..],
            methods => methods,
        };
        for (path, method) in route
            .paths()
            .flat_map(|path| methods.iter().map(move |method| (path, *method)))
        {
            let path = format!("/api{}", path.trim_end_matches('/'));
            let is_left_out = left_out.iter().any(|entry| {
                let methods = entry["methods"].as_array().unwrap();
                assert_ne!(entry["reason"], "");
                entry["path"] == *path && methods.contains(&json!(method))
            });
            let operation = &document["paths"][&path][method.to_ascii_lowercase()];
            assert_ne!(operation.is_object(), is_left_out, "{method} {path}");
            operations += usize::from(operation.is_object());
        }
    }
    let items = document["paths"].as_object().unwrap().values();
    let described: usize = items.map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(described, operations, "what is in no list is described");
}

#[tokio::test]
async fn ids_of_operations_are_unique() {
    let document = documents(AnswerStyle::Standard, "api-key", false).await;
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let mut ids: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

/// The statuses of an operation.
fn statuses(document: &Value, path: &str, method: &str) -> Vec<String> {
    let responses = &document["paths"][path][method]["responses"];
    responses.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn refusals_follow_the_style_of_answers() {
    let document = documents(AnswerStyle::Odoo, "api-key", false).await;
    let of = |path, method| statuses(&document, path, method);
    assert_eq!(
        of("/api/orders/{id}", "get"),
        ["200", "400", "401", "403", "404", "422", "503"]
    );
    // Any key is ignored, and what cannot be read of a path is not found.
    assert_eq!(of("/api/all/{page}", "get"), ["200", "400", "404"]);
    assert_eq!(document["paths"]["/api/all"]["get"]["security"], json!([]));
    // A refused call is in the envelope.
    assert_eq!(of("/api/sum", "post"), ["200", "400", "413"]);
    let document = documents(AnswerStyle::OdooAlways403, "api-key", false).await;
    assert_eq!(
        statuses(&document, "/api/shop", "get"),
        ["200", "403", "503"]
    );
}

#[tokio::test]
async fn bearer_is_named_only_if_it_is_accepted() {
    let document = documents(AnswerStyle::Standard, "api-key", false).await;
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["Bearer"], Value::Null);
    assert_eq!(schemes["ApiKey"]["name"], "API-KEY");
}

mod other {
    use super::{Deserialize, Serialize, ToSchema, route, utoipa};
    use axum::Json;

    #[derive(Deserialize, Serialize, ToSchema)]
    pub(super) struct Article {
        price: u32,
    }

    #[route("/other", auth = "none", methods = ["POST"])]
    pub(super) async fn all(article: Json<Article>) -> Json<Article> {
        article
    }

    #[route("/other/any", auth = "none", methods = ["GET"])]
    pub(super) async fn any() {}
}

#[tokio::test]
#[should_panic(expected = "two types are called `Article`")]
async fn two_types_of_one_name_are_named() {
    let auth = Authenticator::for_tests();
    let routes: Routes<AppState> = routes![Shop, other::all];
    routes.openapi(&auth, "Shop", "1.0");
}

#[tokio::test]
async fn handlers_of_one_name_differ_by_their_modules() {
    let auth = Authenticator::for_tests();
    let routes: Routes<AppState> = routes![any, other::any];
    let document = json!(routes.openapi(&auth, "Shop", "1.0"));
    let id = |path| document["paths"][path]["get"]["operationId"].clone();
    assert_eq!(id("/any"), "kinds_any_get");
    assert_eq!(id("/other/any"), "other_any");
}

#[tokio::test]
async fn lists_under_their_prefixes_are_one_document() {
    let auth = Authenticator::for_tests();
    let (one, other): (Routes<AppState>, Routes<AppState>) = (routes![Shop], routes![any, files]);
    let lists = one.under("/a").and(one.under("/b")).and(other.under(""));
    let document = json!(lists.openapi(&auth, "Shop", "1.0"));
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/a/shop", "/any", "/b/shop"]);
    let id = |path| document["paths"][path]["get"]["operationId"].clone();
    assert_eq!(
        (id("/a/shop"), id("/b/shop")),
        (json!("Shop_all"), json!("Shop_all_2"))
    );
    let left_out = document["x-not-described"].as_array().unwrap();
    assert_eq!(left_out.len(), 2, "{left_out:?}");
}

/// utoipa's own description of a route, above the attribute.
#[utoipa::path(get, path = "/beside", responses((status = 200, body = String)))]
#[route("/beside", auth = "api_key", methods = ["GET"])]
async fn beside(key: ApiKey) -> String {
    key.name.clone()
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(beside))]
struct Beside;

#[tokio::test]
async fn utoipa_path_stands_above_a_route() {
    let theirs = json!(<Beside as utoipa::OpenApi>::openapi());
    assert_eq!(theirs["paths"]["/beside"]["get"]["operationId"], "beside");
    let routes: Routes<AppState> = routes![beside];
    let ours = json!(routes.openapi(&Authenticator::for_tests(), "Shop", "1.0"));
    assert_eq!(
        statuses(&ours, "/beside", "get"),
        ["200", "401", "403", "503"]
    );
}

#[derive(IntoResponses)]
#[response(status = 200)]
#[expect(dead_code)]
struct Answered(#[to_schema] Order);

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        StatusCode::OK.into_response()
    }
}

#[route("/answered", auth = "none", methods = ["GET"])]
async fn answered() -> Answered {
    unreachable!()
}

#[tokio::test]
async fn schema_that_an_answer_refers_to_and_does_not_give_is_any_value() {
    let routes: Routes<AppState> = routes![answered];
    let document = json!(routes.openapi(&Authenticator::for_tests(), "Shop", "1.0"));
    assert_eq!(document["components"]["schemas"]["Article"], json!({}));
    assert_eq!(document["x-not-described"][0]["schema"], "Article");
}
