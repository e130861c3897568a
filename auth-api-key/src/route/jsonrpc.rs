//! Odoo's JSON-RPC 2.0 envelope around a handler: `params` are its arguments, by name.
//!
//! As Odoo 16 and 18 answer: `jsonrpc` and `method` are not read, a missing `id` is `null`, and an error is
//! an answer with status 200.

use std::{fmt::Display, marker::PhantomData};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    argument::{Argument, KeptRequest, WholeRequest, argument},
    source::{Context, Kept, Source},
};
use crate::rejection::{Cause, JSON, ODOO_SERVER_ERROR, Rejection, jsonrpc_error};

/// An error that a handler of `type = "jsonrpc"` may return: what clients of Odoo find in
/// `error.code`, `error.message` and `error.data`.
///
/// Clients see its `Display` as `error.data.message`.
///
/// ```
/// use auth_api_key::routing::JsonRpcError;
///
/// #[derive(Debug, thiserror::Error)]
/// enum OrderError {
///     #[error("there is no order {0}")]
///     Missing(i64),
///     #[error("order {0} has been shipped")]
///     Shipped(i64),
/// }
///
/// impl JsonRpcError for OrderError {
///     fn name(&self) -> &str {
///         match self {
///             Self::Missing(_) => "odoo.exceptions.MissingError",
///             Self::Shipped(_) => "odoo.exceptions.UserError",
///         }
///     }
/// }
/// # assert_eq!(OrderError::Missing(7).code(), 200);
/// # assert_eq!(OrderError::Shipped(7).message(), "Odoo Server Error");
/// ```
pub trait JsonRpcError: Display {
    /// `error.code`: 200 unless you implement it. Clients of Odoo also know 404, not found, and 100, session
    /// expired. The status of the answer is still 200.
    fn code(&self) -> i64 {
        200
    }

    /// `error.message`, the kind of the error: `Odoo Server Error` unless you implement it.
    fn message(&self) -> &str {
        ODOO_SERVER_ERROR
    }

    /// `error.data.name`, the exception that clients of Odoo look for: `odoo.exceptions.UserError` unless you
    /// implement it.
    fn name(&self) -> &str {
        "odoo.exceptions.UserError"
    }

    /// `error.data.arguments`, the exception's: only its text unless you implement it. Odoo
    /// gives none for an exception of HTTP, such as `werkzeug.exceptions.NotFound`.
    fn arguments(&self) -> Vec<Value> {
        vec![self.to_string().into()]
    }
}

/// An argument of a handler of `type = "jsonrpc"`: the `params` for which there is no other argument, as
/// Odoo's `**kw`, read by serde.
///
/// ```
/// use auth_api_key::{route, routing::Params};
/// use serde_json::{Map, Value};
///
/// #[route("/create?model", auth = "api_key", type = "jsonrpc")]
/// async fn create(model: String, Params(values): Params<Map<String, Value>>) -> String {
///     format!("a {model} with {} fields", values.len())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

/// An argument of a handler of `type = "jsonrpc"`: the whole body, with its members beside `params`,
/// read by serde. It is for callers who send their data without an envelope, as a handler of Odoo's
/// reads it from `request.jsonrequest` or `request.get_json_data()`. The route is guarded, refused
/// and answered in the envelope like any other of its type, and the answer has the `id` of the body,
/// if there is one.
///
/// An argument of the type `Bytes` is the same body as it was sent, as Odoo's `httprequest.data`.
/// Either may stand beside arguments that are read from `params`.
///
/// ```
/// use auth_api_key::{route, routing::JsonRequest};
/// use serde_json::Value;
///
/// #[derive(serde::Deserialize)]
/// struct Orders {
///     sale_orders: Vec<Value>,
/// }
///
/// // `{"sale_orders": [{}], "id": 5}` is answered by `{"jsonrpc": "2.0", "id": 5, "result": 1}`.
/// #[route("/orders", auth = "api_key", type = "jsonrpc")]
/// async fn orders(JsonRequest(body): JsonRequest<Orders>) -> usize {
///     body.sale_orders.len()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct JsonRequest<T>(pub T);

/// The call in a request's body.
pub struct Call {
    id: Value,
    params: Map<String, Value>,
    body: Bytes,
}

/// Reads the call.
async fn call(parts: Parts, body: Body) -> Result<Call, Response> {
    if !is_json(&parts.headers) {
        return Err(not_a_call(
            "Send the call with `Content-Type: application/json`",
        ));
    }
    let bytes = Bytes::from_request(Request::from_parts(parts, body), &())
        .await
        .map_err(IntoResponse::into_response)?;
    let envelope = serde_json::from_slice(&bytes).map_err(|_| not_a_call("Invalid JSON data"))?;
    let Value::Object(mut envelope) = envelope else {
        return Err(not_a_call("Invalid JSON-RPC data"));
    };
    let params = envelope.remove("params").unwrap_or_default();
    let mut call = Call {
        id: envelope.remove("id").unwrap_or_default(),
        params: Map::new(),
        body: bytes,
    };
    match params {
        Value::Null => {}
        Value::Object(params) => call.params = params,
        _ => {
            let text = "'params' must be an object, with the arguments by name";
            let failure = call.error("builtins.ValueError", "params", text.to_owned());
            return Err(failure.into_response());
        }
    }
    Ok(call)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let kind = value.and_then(|value| value.split(|byte| *byte == b';').next());
    let kind = kind.unwrap_or_default().trim_ascii();
    kind.eq_ignore_ascii_case(b"application/json")
        || kind.eq_ignore_ascii_case(b"application/json-rpc")
}

/// The answer to what is not a call, in Odoo's words.
fn not_a_call(detail: &'static str) -> Response {
    Cause::InvalidCall { detail }.of((StatusCode::BAD_REQUEST, detail).into_response())
}

impl Call {
    /// An argument that must be there; it may be `null`.
    fn required<T: FromParams>(&mut self, name: &'static str) -> Result<T, Failure> {
        match self.params.remove(name) {
            Some(value) => self.read(name, value),
            None => {
                let text = format!("missing 1 required positional argument: '{name}'");
                Err(self.error("builtins.TypeError", name, text))
            }
        }
    }

    /// An argument that may be missing, or `null`.
    fn optional<T: FromParams>(&mut self, name: &'static str) -> Result<Option<T>, Failure> {
        match self.params.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.read(name, value).map(Some),
        }
    }

    /// All other params.
    fn rest<T: FromParams>(&mut self) -> Result<Params<T>, Failure> {
        let rest = std::mem::take(&mut self.params);
        self.read("params", rest.into()).map(Params)
    }

    fn read<T: FromParams>(&self, name: &'static str, value: Value) -> Result<T, Failure> {
        T::from_value(value).map_err(|error| {
            let text = format!("'{name}' cannot be read: {error}");
            self.error("builtins.ValueError", name, text)
        })
    }

    fn error(&self, exception: &str, name: &'static str, detail: String) -> Failure {
        Failure {
            envelope: self.failed(exception, &detail),
            cause: Cause::InvalidArgument {
                name: Some(name),
                detail,
            },
        }
    }

    fn failed(&self, exception: &str, text: &str) -> String {
        let arguments = vec![text.into()];
        jsonrpc_error(&self.id, 200, ODOO_SERVER_ERROR, exception, text, arguments)
    }

    fn success(&self, result: impl Serialize) -> Response {
        match serde_json::to_string(&result) {
            Ok(result) => envelope(format!(
                r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#,
                self.id
            )),
            Err(error) => {
                tracing::error!(%error, "the result of a JSON-RPC call cannot be written as JSON");
                let text = "the result cannot be written as JSON";
                let answer = envelope(self.failed("builtins.TypeError", text));
                Cause::ServerError.of(answer)
            }
        }
    }
}

/// The answer for an argument that cannot be read.
pub struct Failure {
    envelope: String,
    cause: Cause,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.cause.of(envelope(self.envelope))
    }
}

fn envelope(body: String) -> Response {
    ([(CONTENT_TYPE, JSON)], body).into_response()
}

/// What can be read from a call's params by serde.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from the params of a JSON-RPC call",
    label = "not a type that serde can read",
    note = "use a type with `#[derive(serde::Deserialize)]`"
)]
pub trait FromParams: Sized {
    fn from_value(value: Value) -> Result<Self, serde_json::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromParams for T {
    fn from_value(value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }
}

/// An argument that is a call's whole body.
pub trait WholeCall: Sized {
    fn of(call: &Call) -> Result<Self, Failure>;
}

impl<T: FromParams> WholeCall for JsonRequest<T> {
    fn of(call: &Call) -> Result<Self, Failure> {
        // If a member is there twice, the last one counts, as in `params`.
        let whole = serde_json::from_slice(&call.body).unwrap_or_default();
        call.read("body", whole).map(Self)
    }
}

impl WholeCall for Bytes {
    fn of(call: &Call) -> Result<Self, Failure> {
        Ok(call.body.clone())
    }
}

/// An argument that is an axum extractor, if the body is the call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a route with `type = \"jsonrpc\"`",
    label = "neither named in the path nor an extractor of what comes before the body",
    note = "the body is the call: name what its `params` hold after the path (`\"/path?name\"`), or take all of them as `auth_api_key::routing::Params<..>`",
    note = "a body without an envelope is a `auth_api_key::routing::JsonRequest<..>`, or as it was sent a `Bytes`"
)]
pub trait CallArgument<S>: Argument<S> {}

#[diagnostic::do_not_recommend]
impl<T: Argument<S>, S> CallArgument<S> for T {}

/// From what comes before the body.
pub fn call_argument<S: Sync, T: CallArgument<S> + Send>() -> impl Source<S, JsonRpc, Value = T> {
    argument()
}

/// A request with a call in its body.
pub struct JsonRpc {
    request: WholeRequest,
    /// `None` until it is read.
    call: Option<Call>,
}

impl JsonRpc {
    async fn read(&mut self) -> Result<Call, Response> {
        match self.call.take() {
            Some(call) => Ok(call),
            None => {
                let (parts, body) = self.request.take();
                call(parts, body).await
            }
        }
    }
}

impl Kept for JsonRpc {
    const IS_THE_REQUEST: bool = true;

    type Call = Call;

    fn of(request: Request) -> Self {
        Self {
            request: WholeRequest::of(request),
            call: None,
        }
    }

    fn parts(&mut self) -> Option<&mut Parts> {
        Some(self.request.parts())
    }

    fn refuse(rejection: Rejection) -> Response {
        rejection.into_jsonrpc()
    }

    async fn call(mut self) -> Result<Call, Response> {
        self.read().await
    }
}

impl KeptRequest for JsonRpc {
    fn request(&mut self) -> &mut WholeRequest {
        &mut self.request
    }
}

/// From one of the params.
pub fn param<S: Sync, T: FromParams + Send>(
    name: &'static str,
) -> impl Source<S, JsonRpc, Value = T> {
    Param(name, PhantomData)
}

struct Param<T>(&'static str, PhantomData<fn() -> T>);

impl<T: FromParams + Send, S: Sync> Source<S, JsonRpc> for Param<T> {
    type Value = T;

    async fn read(self, kept: &mut JsonRpc, _: &Context<'_, S>) -> Result<T, Response> {
        let call = kept.read().await?;
        let read = kept.call.insert(call).required(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// From one of the params that may be missing.
pub fn optional_param<S: Sync, T: FromParams + Send>(
    name: &'static str,
) -> impl Source<S, JsonRpc, Value = Option<T>> {
    OptionalParam(name, PhantomData)
}

struct OptionalParam<T>(&'static str, PhantomData<fn() -> T>);

impl<T: FromParams + Send, S: Sync> Source<S, JsonRpc> for OptionalParam<T> {
    type Value = Option<T>;

    async fn read(self, kept: &mut JsonRpc, _: &Context<'_, S>) -> Result<Option<T>, Response> {
        let call = kept.read().await?;
        let read = kept.call.insert(call).optional(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// From the other params.
pub fn rest<S: Sync, T: FromParams + Send>() -> impl Source<S, JsonRpc, Value = Params<T>> {
    Rest(PhantomData)
}

struct Rest<T>(PhantomData<fn() -> T>);

impl<T: FromParams + Send, S: Sync> Source<S, JsonRpc> for Rest<T> {
    type Value = Params<T>;

    async fn read(self, kept: &mut JsonRpc, _: &Context<'_, S>) -> Result<Params<T>, Response> {
        let call = kept.read().await?;
        let read = kept.call.insert(call).rest();
        read.map_err(IntoResponse::into_response)
    }
}

/// From the whole body.
pub fn whole<S: Sync, T: WholeCall + Send>() -> impl Source<S, JsonRpc, Value = T> {
    Whole(PhantomData)
}

struct Whole<T>(PhantomData<fn() -> T>);

impl<T: WholeCall + Send, S: Sync> Source<S, JsonRpc> for Whole<T> {
    type Value = T;

    async fn read(self, kept: &mut JsonRpc, _: &Context<'_, S>) -> Result<T, Response> {
        let call = kept.read().await?;
        T::of(kept.call.insert(call)).map_err(IntoResponse::into_response)
    }
}

/// What a handler of `type = "jsonrpc"` may return. `M` says whether it is a `Result`, which serde can write,
/// too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of a JSON-RPC call",
    label = "returned by a route with `type = \"jsonrpc\"`",
    note = "return a value that serde can write (`#[derive(serde::Serialize)]`, no `Json<..>` around it), or a `Result` of such a value and of your error type that implements `auth_api_key::routing::JsonRpcError`"
)]
pub trait CallResult<M> {
    fn answer(self, call: &Call) -> Response;
}

/// A value.
pub enum Plain {}
/// A `Result` of a value and a [`JsonRpcError`].
pub enum Fallible {}

/// What a handler returned. Its own method `answer`, for a `Result`, comes before that of [`ReturnedValue`].
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// The answer to the call.
    pub fn answer(self, call: &Call) -> Response
    where
        Result<T, E>: CallResult<Fallible>,
    {
        self.0.answer(call)
    }
}

/// What a handler returned that is not a `Result`.
pub trait ReturnedValue<T> {
    /// The answer to the call.
    fn answer(self, call: &Call) -> Response
    where
        T: CallResult<Plain>;
}

impl<T> ReturnedValue<T> for Returned<T> {
    fn answer(self, call: &Call) -> Response
    where
        T: CallResult<Plain>,
    {
        self.0.answer(call)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> CallResult<Plain> for T {
    fn answer(self, call: &Call) -> Response {
        call.success(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: JsonRpcError> CallResult<Fallible> for Result<T, E> {
    fn answer(self, call: &Call) -> Response {
        match self {
            Ok(value) => call.success(value),
            Err(error) => envelope(jsonrpc_error(
                &call.id,
                error.code(),
                error.message(),
                error.name(),
                &error.to_string(),
                error.arguments(),
            )),
        }
    }
}
