//! Controllers of the shapes that public modules of Odoo have, called by Python's `requests`.

use std::sync::{Arc, RwLock};

use auth_api_key::{
    ApiKey, AuthMethod, Authenticator, Identity, NewKey, Reason, Rejection, controller,
    extract::AnswerLayer,
    odoo::{
        self, Exception, File, FileResponse, Float, Int, Kwargs, Slug, Text, Upload,
        content_disposition, make_json_response,
    },
    rejection::{AnswerStyle, Cause},
    route, routes,
    routing::{JsonRequest, JsonRpcError},
    store::MemoryStore,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{FromRef, Request},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ALLOW, CONTENT_DISPOSITION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tests::Server;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::python;

#[derive(Clone)]
struct Shapes;

#[derive(Deserialize)]
struct Ticket {
    subject: String,
    priority: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    letter: Option<Upload>,
    #[serde(default)]
    files: Vec<Upload>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Asset {
    Css,
    Js,
}

fn told(file: &Upload) -> Value {
    json!([file.filename, file.content_type, file.bytes.len()])
}

/// The exception of this name, with its usual text if it has one.
fn named(name: &str) -> Exception {
    macro_rules! named {
        ($($with_text:ident)*; $($usual:ident)*) => {
            match name {
                $(stringify!($with_text) => odoo::$with_text::new("a text").into(),)*
                $(stringify!($usual) => odoo::$usual::default().into(),)*
                "RedirectWarning" => odoo::RedirectWarning::new("a text", 7, "Go").into(),
                "MethodNotAllowed" => {
                    Exception::from(odoo::MethodNotAllowed::default())
                        .with_header(ALLOW, HeaderValue::from_static("GET"))
                }
                "UserError of 19" => {
                    Exception::from(odoo::UserError::new("a text"))
                        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                }
                other => Exception::other(format!("builtins.{other}"), "a text"),
            }
        };
    }
    named! {
        UserError AccessError MissingError ValidationError LockError CacheMiss ConcurrencyError
        SessionExpiredException BadRequestKeyError;
        AccessDenied BadRequest ClientDisconnected SecurityError BadHost Unauthorized Forbidden
        NotFound NotAcceptable RequestTimeout Conflict Gone LengthRequired PreconditionFailed
        RequestEntityTooLarge RequestURITooLarge UnsupportedMediaType RequestedRangeNotSatisfiable
        ExpectationFailed ImATeapot MisdirectedRequest UnprocessableEntity Locked FailedDependency
        PreconditionRequired TooManyRequests RequestHeaderFieldsTooLarge UnavailableForLegalReasons
        InternalServerError NotImplemented BadGateway ServiceUnavailable GatewayTimeout
        HTTPVersionNotSupported
    }
}

/// The text of one capture, for `<int:id>` and `<string:method>` at one place.
#[derive(Deserialize)]
#[serde(from = "String")]
enum IdOrMethod {
    Id(i64),
    Method(String),
}

impl From<String> for IdOrMethod {
    fn from(text: String) -> Self {
        text.parse().map_or(Self::Method(text), Self::Id)
    }
}

#[derive(Clone)]
struct PartnerService;

/// A service of `base_rest`.
#[controller("/my_api/partner", auth = "api_key", cors = "*")]
impl PartnerService {
    #[route(["/{id}", "/{id}/get"], methods = ["GET"])]
    async fn get(&self, id: i64) -> Result<Json<Value>, Exception> {
        match id {
            7 => Ok(Json(json!({"id": id}))),
            id => Err(
                Exception::from(odoo::MissingError::new(format!("no partner {id}")))
                    .with_status(StatusCode::NOT_FOUND),
            ),
        }
    }

    #[route("/search?name", methods = ["GET"])]
    async fn search(name: Option<String>) -> Json<Value> {
        Json(json!({"name": name}))
    }

    #[route("/create", methods = ["POST"])]
    async fn create(key: ApiKey, Json(partner): Json<Value>) -> Json<Value> {
        Json(json!({"user": key.user, "partner": partner}))
    }
}

#[controller(auth = "api_key")]
impl Shapes {
    #[route("/page/{id_or_method}")]
    async fn page(id_or_method: IdOrMethod) -> Json<Value> {
        Json(match id_or_method {
            IdOrMethod::Id(id) => id.into(),
            IdOrMethod::Method(name) => name.into(),
        })
    }

    #[route("/size/{width_height}")]
    async fn size(width_height: String) -> Json<Value> {
        Json(json!(width_height.split_once('x')))
    }

    #[route(
        "/shared",
        methods = ["POST"],
        cors = ["https://app.example.com", "https://shop.example.com"],
        cors_headers = ["traceparent", "mcp-session-id"]
    )]
    async fn shared() -> &'static str {
        "shared"
    }

    #[route("/ticket", methods = ["GET", "POST"])]
    async fn ticket(key: ApiKey, Kwargs(ticket): Kwargs<Ticket>) -> Json<Value> {
        Json(json!({
            "key": key.name,
            "subject": ticket.subject,
            "priority": ticket.priority,
            "tags": ticket.tags,
            "letter": ticket.letter.as_ref().map(told),
            "files": ticket.files.iter().map(told).collect::<Vec<_>>(),
        }))
    }

    #[route("/kw")]
    async fn kw(Kwargs(kw): Kwargs<Map<String, Value>>) -> Response {
        make_json_response(kw)
    }

    #[route("/order/{id}?note&qty&letter&files", type = "form", methods = ["GET", "POST"])]
    async fn order(
        id: Int,
        note: Option<String>,
        qty: u32,
        letter: Option<Upload>,
        files: Vec<Upload>,
        headers: HeaderMap,
    ) -> Json<Value> {
        Json(json!({
            "id": id,
            "note": note,
            "qty": qty,
            "letter": letter.as_ref().map(told),
            "files": files.iter().map(told).collect::<Vec<_>>(),
            "agent": headers.contains_key("user-agent"),
        }))
    }

    #[route("/int/{x}")]
    async fn int(x: Int) -> Json<Int> {
        Json(x)
    }

    #[route("/small/{x}")]
    async fn small(x: Int<1, 99>) -> Json<i64> {
        Json(x.0)
    }

    #[route("/float/{x}")]
    async fn float(x: Float) -> Json<Float> {
        Json(x)
    }

    #[route("/slug/{x}")]
    async fn slug(x: Slug) -> Json<Slug> {
        Json(x)
    }

    #[route("/{lang}/about")]
    async fn about(lang: Text<2, 2>) -> Json<Text<2, 2>> {
        Json(lang)
    }

    #[route("/asset/{kind}")]
    async fn asset(kind: Asset) -> Json<Asset> {
        Json(kind)
    }

    #[route("/raise/{name}")]
    async fn raise(name: String) -> Result<(), Exception> {
        Err(named(&name))
    }

    #[route("/rpc/raise?name", type = "jsonrpc")]
    async fn raise_rpc(name: String) -> Result<(), Exception> {
        Err(named(&name))
    }

    #[route("/rpc/raw", type = "jsonrpc", methods = ["GET", "POST"])]
    async fn raw(JsonRequest(whole): JsonRequest<Value>, body: Bytes) -> Value {
        json!({"whole": whole, "length": body.len()})
    }

    #[route("/report")]
    async fn report(headers: HeaderMap) -> FileResponse {
        File::new("a report")
            .name("Räport (1).pdf")
            .as_attachment()
            .answer(&headers)
    }

    #[route("/on_disk")]
    async fn on_disk(request: Request) -> impl IntoResponse {
        let name = [(CONTENT_DISPOSITION, content_disposition("shapes.py"))];
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/odoo/shapes.py");
        (name, ServeFile::new(file).oneshot(request).await)
    }
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    partners: PartnerService,
}

#[tokio::test(flavor = "multi_thread")]
async fn shapes_of_public_modules_answer_a_client_of_python() {
    let builder = Authenticator::builder().answers(AnswerStyle::Odoo);
    let auth = builder.build(MemoryStore::new()).await.unwrap();
    let key = NewKey::new("key", "6").text("good-key");
    auth.keys().create(key).await.unwrap();
    let app = Router::new()
        .merge(routes![Shapes, PartnerService])
        .with_state(AppState {
            auth,
            partners: PartnerService,
        });
    let server = Server::start(app).await;
    assert!(JsonRpcError::name(&named("UserError")).starts_with("odoo."));
    let url = format!("http://{}", server.address());
    python("shapes.py", &[&url, "good-key"]);
}

/// The groups of the endpoint `orders`.
type Rules = Arc<RwLock<Option<Vec<&'static str>>>>;

#[derive(Clone, FromRef)]
struct Ruled {
    auth: Authenticator,
    rules: Rules,
}

/// As on the page "Coming from Odoo".
struct ByRule;

impl AuthMethod for ByRule {
    type State = Ruled;
    type Identity = ApiKey;
    type Rejection = Rejection;

    async fn authenticate(parts: &mut Parts, state: &Ruled) -> Result<ApiKey, Rejection> {
        let groups = state.rules.read().unwrap().clone();
        let mut groups = groups.unwrap_or_default();
        groups.push("\0");
        state.auth.authenticate(parts, &groups).await
    }
}

#[route("/orders", auth = ByRule)]
async fn orders(Identity(key): Identity<ByRule>) -> String {
    key.name.clone()
}

#[tokio::test]
async fn rule_can_change_at_run_time_and_without_one_nobody_is_admitted() {
    let builder = Authenticator::builder();
    let auth = builder.build(MemoryStore::new()).await.unwrap();
    let key = NewKey::new("shop", "6").text("shop-key").groups(["shop"]);
    auth.keys().create(key).await.unwrap();
    let rules = Rules::default();
    let state = Ruled {
        auth,
        rules: rules.clone(),
    };
    let app = Router::new().merge(routes![orders]).with_state(state);
    let server = Server::start(app).await;
    for (groups, status) in [
        (None, 403),
        (Some(vec![]), 403),
        (Some(vec!["erp"]), 403),
        (Some(vec!["erp", "shop"]), 200),
        (Some(vec![]), 403),
    ] {
        *rules.write().unwrap() = groups.clone();
        let answer = server.get_with_key("/orders", "shop-key").await;
        assert_eq!(answer.status, status, "{groups:?}");
        assert_eq!(server.get_with_key("/orders", "wrong").await.status, 401);
    }
}

#[derive(Deserialize)]
struct Partner {
    name: String,
}

#[route("/partners/{id}?lang", auth = "api_key", methods = ["POST"], groups = ["shop"])]
async fn partner(
    key: ApiKey,
    id: i64,
    lang: Option<String>,
    Json(partner): Json<Partner>,
) -> Json<Value> {
    let Partner { name } = partner;
    Json(json!({"user": &*key.user, "id": id, "lang": lang, "name": name}))
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoint_of_fastapi_answers_a_client_of_python() {
    let builder = Authenticator::builder().header("HTTP-API-KEY");
    let auth = builder.build(MemoryStore::new()).await.unwrap();
    for group in ["shop", "erp"] {
        let key = NewKey::new(group, "6").text(format!("{group}-key"));
        auth.keys().create(key.groups([group])).await.unwrap();
    }
    // As on the page "Coming from Odoo".
    let as_fastapi = AnswerLayer::new(|_, cause, answer| match cause {
        Cause::Refused(refused) if refused.reason() == Reason::ForbiddenGroup => (
            StatusCode::UNAUTHORIZED,
            [(WWW_AUTHENTICATE, "HTTP-API-KEY")],
        )
            .into_response(),
        _ => answer,
    });
    let app = Router::new().merge(routes![partner]).with_state(auth);
    let server = Server::start(app.layer(as_fastapi)).await;
    let url = format!("http://{}", server.address());
    python("fastapi.py", &[&url, "shop-key", "erp-key"]);
}
