//! The arguments of an expanded handler: from the path, the query string, or an axum extractor.

use std::marker::PhantomData;

use axum::{
    body::Body,
    extract::{
        FromRef, FromRequest, FromRequestParts, RawPathParams, Request, State,
        rejection::RawPathParamsRejection,
    },
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::de::{DeserializeOwned, IntoDeserializer, value::UnitDeserializer};

use super::source::{Context, Kept, Source};
use crate::rejection::{Cause, invalid_argument};

/// An argument that is an axum extractor of what comes before the body. The macro knows most of them by their names.
/// For other types, the expansion declares the error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "what is in it cannot be read",
    note = "put `#[derive(serde::Deserialize)]` above the type that is in it"
)]
pub trait Argument<S>: Sized {
    /// Reads it, or answers why not.
    fn extract(parts: &mut Parts, state: &S)
    -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, S> Argument<S> for T
where
    T: FromRequestParts<S>,
    S: Send + Sync,
{
    async fn extract(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        T::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)
    }
}

/// An argument that may be an axum extractor of the request's body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "what is in it cannot be read",
    note = "put `#[derive(serde::Deserialize)]` above the type that is in it"
)]
pub trait LastArgument<S, M>: Sized {
    /// Reads it, or answers why not.
    fn extract(request: Request, state: &S) -> impl Future<Output = Result<Self, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, S, M> LastArgument<S, M> for T
where
    T: FromRequest<S, M>,
    S: Send + Sync,
{
    async fn extract(request: Request, state: &S) -> Result<Self, Response> {
        T::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)
    }
}

/// A router state from which a `T` can be taken, such as for an argument `State<T>`.
///
/// Not `T: FromRef<S>`: from that alone rustc takes `T` itself for the state.
#[diagnostic::on_unimplemented(
    message = "router state `{Self}` has no `{T}`",
    label = "this route takes `{T}` from the state",
    note = "take `State<{Self}>`, or give the state a field of type `{T}`: `#[derive(Clone, FromRef)] struct MyState {{ part: {T}, .. }}`",
    note = "a field of a state in an `Arc` is not found by itself: take `State<Arc<AppState>>`, or write `impl FromRef<Arc<AppState>>` for its type",
    note = "a field `Arc<{T}>` is another type: take `State<Arc<{T}>>`; a controller cannot be in an `Arc`: it must be `Clone`",
    note = "if `{Self}` is not the state that was meant: call `.with_state(..)` after mounting the routes, and name the state in types: `Router<AppState>`, `Routes<AppState>`"
)]
pub trait Provides<T> {
    /// Takes it out.
    fn provide(&self) -> T;
}

/// A `State<T>`, also behind an alias.
#[diagnostic::on_unimplemented(
    message = "this pattern takes a `State<..>`, and the type of the argument is `{Self}`",
    label = "write `State<{Self}>`"
)]
pub trait OfTheState {
    /// The `T`.
    type Part;
}

impl<T> OfTheState for State<T> {
    type Part = T;
}

// `AnyState` is not `Clone`; routers need it.
#[diagnostic::do_not_recommend]
impl<T: FromRef<S>, S: Clone> Provides<T> for S {
    fn provide(&self) -> T {
        T::from_ref(self)
    }
}

/// A request that is kept for the arguments.
pub struct WholeRequest {
    /// Until the last argument takes it.
    request: Option<(Parts, Body)>,
    captures: Option<Captures>,
    query: Option<Query>,
}

impl WholeRequest {
    pub(super) fn parts(&mut self) -> &mut Parts {
        let (parts, _) = self.request.as_mut().expect("the body is read last");
        parts
    }

    pub(super) fn take(&mut self) -> (Parts, Body) {
        self.request.take().expect("the body is read once")
    }

    /// The captures of the path that matched.
    async fn captures<S>(&mut self, context: &Context<'_, S>) -> &Captures {
        let captures = match self.captures.take() {
            Some(captures) => captures,
            None => Captures::of(self.parts(), context).await,
        };
        self.captures.insert(captures)
    }
}

impl Kept for WholeRequest {
    const IS_THE_REQUEST: bool = true;

    type Call = ();

    fn of(request: Request) -> Self {
        Self {
            request: Some(request.into_parts()),
            captures: None,
            query: None,
        }
    }

    fn parts(&mut self) -> Option<&mut Parts> {
        Some(WholeRequest::parts(self))
    }

    async fn call(self) -> Result<(), Response> {
        Ok(())
    }
}

/// Something that keeps the whole request.
pub trait KeptRequest: Kept {
    /// The request.
    fn request(&mut self) -> &mut WholeRequest;
}

impl KeptRequest for WholeRequest {
    fn request(&mut self) -> &mut Self {
        self
    }
}

/// What can be read from a piece of text by serde.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a path or a query string",
    label = "not a type that serde can read from text",
    note = "use a number, `bool`, `String`, or your type with `#[derive(serde::Deserialize)]`"
)]
pub trait FromText: DeserializeOwned {
    fn from_text(text: &str) -> Result<Self, TextError>;

    /// The value for no text, if any: `None` for an `Option` behind an alias.
    fn from_no_text() -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromText for T {
    fn from_text(text: &str) -> Result<Self, TextError> {
        serde_plain::from_str(text).map_err(TextError::from)
    }

    fn from_no_text() -> Option<Self> {
        let nothing: UnitDeserializer<serde_plain::Error> = ().into_deserializer();
        T::deserialize(nothing).ok()
    }
}

/// Why a text is not read into a type.
pub enum TextError {
    /// The client's error: other texts can be read.
    ThisText(serde_plain::Error),
    /// The mistake of whoever wrote the handler: no text can be read.
    AnyText(serde_plain::Error),
}

impl From<serde_plain::Error> for TextError {
    fn from(error: serde_plain::Error) -> Self {
        match error {
            serde_plain::Error::ImpossibleDeserialization(_) => Self::AnyText(error),
            _ => Self::ThisText(error),
        }
    }
}

/// Why an argument cannot be read.
pub enum ArgumentError {
    /// The client sent something else.
    Unreadable(StatusCode, Option<&'static str>, String),
    /// No request has it: the handler is mounted on a path that does not capture it, or nothing can be
    /// read into its type.
    Never,
}

impl IntoResponse for ArgumentError {
    fn into_response(self) -> Response {
        match self {
            Self::Unreadable(status, name, detail) => invalid_argument(status, name, detail),
            Self::Never => Cause::ServerError.of(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        }
    }
}

pub(super) fn unreadable(status: StatusCode, name: &'static str, error: &str) -> ArgumentError {
    let detail = format!("The argument `{name}` cannot be read: {error}.");
    ArgumentError::Unreadable(status, Some(name), detail)
}

/// An argument, or why not; `status` is for a text that cannot be read.
pub(super) fn read<T>(
    read: Result<T, TextError>,
    status: StatusCode,
    name: &'static str,
) -> Result<T, ArgumentError> {
    read.map_err(|error| match error {
        TextError::ThisText(error) => unreadable(status, name, &error.to_string()),
        TextError::AnyText(error) => {
            tracing::error!(
                argument = name,
                r#type = std::any::type_name::<T>(),
                %error,
                "nothing that is sent can be read into the type of this argument"
            );
            ArgumentError::Never
        }
    })
}

/// The captures of the route that matched.
struct Captures {
    /// A fallback has none.
    captures: Result<Option<RawPathParams>, String>,
    route: &'static str,
    unreadable: StatusCode,
}

impl Captures {
    async fn of<S>(parts: &mut Parts, context: &Context<'_, S>) -> Self {
        let captures = match RawPathParams::from_request_parts(parts, &()).await {
            Ok(captures) => Ok(Some(captures)),
            Err(RawPathParamsRejection::InvalidUtf8InPathParam(error)) => {
                Err(format!("{}.", error.body_text()))
            }
            Err(_) => Ok(None),
        };
        Self {
            captures,
            route: context.route,
            unreadable: context.unreadable,
        }
    }

    fn read<T: FromText>(&self, name: &'static str) -> Result<T, ArgumentError> {
        self.optional(name)?.ok_or_else(|| {
            tracing::error!(
                route = self.route,
                "mounted on a path without `{{{name}}}`, which the handler takes as an argument"
            );
            ArgumentError::Never
        })
    }

    /// A capture that not every path of the route has.
    fn optional<T: FromText>(&self, name: &'static str) -> Result<Option<T>, ArgumentError> {
        let captures = self
            .captures
            .as_ref()
            .map_err(|detail| ArgumentError::Unreadable(self.unreadable, None, detail.clone()))?;
        // A router above may capture another one of this name, which comes first.
        let ours = captures
            .iter()
            .flatten()
            .filter(|(captured, _)| *captured == name);
        let text = ours.last().map(|(_, text)| text);
        text.map(|text| read(T::from_text(text), self.unreadable, name))
            .transpose()
    }
}

/// What was sent by name.
pub trait Sent {
    /// All that was sent under a name.
    fn many<T: FromText>(&self, name: &'static str) -> Result<Vec<T>, ArgumentError>;

    /// What was sent under a name, which may be missing.
    fn optional<T: FromText>(&self, name: &'static str) -> Result<Option<T>, ArgumentError>;

    /// What was sent under a name.
    fn one<T: FromText>(&self, name: &'static str) -> Result<T, ArgumentError> {
        self.optional(name)?
            .or_else(T::from_no_text)
            .ok_or_else(|| unreadable(StatusCode::BAD_REQUEST, name, "it is missing"))
    }
}

/// A request whose names after `?` can be read.
pub trait KeptNames: KeptRequest {
    /// What holds them.
    type Sent: Sent + Sync;

    /// Reads them, once.
    fn sent(&mut self) -> impl Future<Output = Result<&Self::Sent, Response>> + Send;
}

/// The query string, read once.
pub struct Query(Vec<(String, String)>);

impl Query {
    fn of(parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(sent, _)| sent == name)
            .map(|(_, text)| text.as_str())
    }
}

impl Sent for Query {
    fn many<T: FromText>(&self, name: &'static str) -> Result<Vec<T>, ArgumentError> {
        self.texts(name)
            .map(|text| read(T::from_text(text), StatusCode::BAD_REQUEST, name))
            .collect()
    }

    fn optional<T: FromText>(&self, name: &'static str) -> Result<Option<T>, ArgumentError> {
        match self.texts(name).count() {
            0 | 1 => Ok(self.many(name)?.pop()),
            _ => Err(unreadable(
                StatusCode::BAD_REQUEST,
                name,
                "it was sent more than once",
            )),
        }
    }
}

impl KeptNames for WholeRequest {
    type Sent = Query;

    async fn sent(&mut self) -> Result<&Query, Response> {
        let query = match self.query.take() {
            Some(query) => query,
            None => Query::of(self.parts()),
        };
        Ok(self.query.insert(query))
    }
}

// Where arguments come from. Each function has the bounds of its type, and the macro writes the call at the
// type: there, and only there, rustc reports a type that does not fit.

/// From a capture.
pub fn capture<S: Sync, K: KeptRequest, T: FromText + Send>(
    name: &'static str,
) -> impl Source<S, K, Value = T> {
    Capture(name, PhantomData)
}

struct Capture<T>(&'static str, PhantomData<fn() -> T>);

impl<T, S, K> Source<S, K> for Capture<T>
where
    T: FromText + Send,
    S: Sync,
    K: KeptRequest,
{
    type Value = T;

    async fn read(self, kept: &mut K, context: &Context<'_, S>) -> Result<T, Response> {
        let read = kept.request().captures(context).await.read(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// From a capture that not every path of the route has.
pub fn optional_capture<S: Sync, K: KeptRequest, T: FromText + Send>(
    name: &'static str,
) -> impl Source<S, K, Value = Option<T>> {
    OptionalCapture(name, PhantomData)
}

struct OptionalCapture<T>(&'static str, PhantomData<fn() -> T>);

impl<T, S, K> Source<S, K> for OptionalCapture<T>
where
    T: FromText + Send,
    S: Sync,
    K: KeptRequest,
{
    type Value = Option<T>;

    async fn read(self, kept: &mut K, context: &Context<'_, S>) -> Result<Option<T>, Response> {
        let read = kept.request().captures(context).await.optional(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// From a query parameter.
pub fn one<S: Sync, K: KeptNames, T: FromText + Send>(
    name: &'static str,
) -> impl Source<S, K, Value = T> {
    One(name, PhantomData)
}

struct One<T>(&'static str, PhantomData<fn() -> T>);

impl<T, S, K> Source<S, K> for One<T>
where
    T: FromText + Send,
    S: Sync,
    K: KeptNames,
{
    type Value = T;

    async fn read(self, kept: &mut K, _: &Context<'_, S>) -> Result<T, Response> {
        let read = kept.sent().await?.one(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// From a query parameter that may be missing.
pub fn optional<S: Sync, K: KeptNames, T: FromText + Send>(
    name: &'static str,
) -> impl Source<S, K, Value = Option<T>> {
    Optional(name, PhantomData)
}

struct Optional<T>(&'static str, PhantomData<fn() -> T>);

impl<T, S, K> Source<S, K> for Optional<T>
where
    T: FromText + Send,
    S: Sync,
    K: KeptNames,
{
    type Value = Option<T>;

    async fn read(self, kept: &mut K, _: &Context<'_, S>) -> Result<Option<T>, Response> {
        let read = kept.sent().await?.optional(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// From a query parameter that may repeat.
pub fn many<S: Sync, K: KeptNames, T: FromText + Send>(
    name: &'static str,
) -> impl Source<S, K, Value = Vec<T>> {
    Many(name, PhantomData)
}

struct Many<T>(&'static str, PhantomData<fn() -> T>);

impl<T, S, K> Source<S, K> for Many<T>
where
    T: FromText + Send,
    S: Sync,
    K: KeptNames,
{
    type Value = Vec<T>;

    async fn read(self, kept: &mut K, _: &Context<'_, S>) -> Result<Vec<T>, Response> {
        let read = kept.sent().await?.many(self.0);
        read.map_err(IntoResponse::into_response)
    }
}

/// What a router's state may have in it: axum shares it among threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a router's state",
    label = "threads cannot share it",
    note = "if it has a trait object, write `Arc<dyn MyTrait + Send + Sync>`",
    note = "write `Arc<T>` instead of `Rc<T>`, and `Mutex<T>` instead of `RefCell<T>`"
)]
pub trait PartOfAState: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> PartOfAState for T {}

/// From the state.
pub fn part<S: Provides<T> + Sync, K: Send, T: PartOfAState>() -> impl Source<S, K, Value = State<T>>
{
    Part(PhantomData)
}

struct Part<T>(PhantomData<fn() -> T>);

impl<T: Send, S: Provides<T> + Sync, K: Send> Source<S, K> for Part<T> {
    type Value = State<T>;

    async fn read(self, _: &mut K, context: &Context<'_, S>) -> Result<State<T>, Response> {
        Ok(State(context.state.provide()))
    }
}

/// From what comes before the body.
pub fn argument<S: Sync, K: KeptRequest, T: Argument<S> + Send>() -> impl Source<S, K, Value = T> {
    Extracted(PhantomData)
}

struct Extracted<T>(PhantomData<fn() -> T>);

impl<T, S, K> Source<S, K> for Extracted<T>
where
    T: Argument<S> + Send,
    S: Sync,
    K: KeptRequest,
{
    type Value = T;

    async fn read(self, kept: &mut K, context: &Context<'_, S>) -> Result<T, Response> {
        T::extract(kept.request().parts(), context.state).await
    }
}

/// From the whole request.
pub fn last<S: Sync, K: KeptRequest, M, T: LastArgument<S, M> + Send>()
-> impl Source<S, K, Value = T> {
    Last(PhantomData)
}

struct Last<T, M>(PhantomData<fn() -> (T, M)>);

impl<T, M, S, K> Source<S, K> for Last<T, M>
where
    T: LastArgument<S, M> + Send,
    S: Sync,
    K: KeptRequest,
{
    type Value = T;

    async fn read(self, kept: &mut K, context: &Context<'_, S>) -> Result<T, Response> {
        let (parts, body) = kept.request().take();
        T::extract(Request::from_parts(parts, body), context.state).await
    }
}

/// rustc cannot write the type of this function, so it proposes no `where` clause with it.
pub fn unnamed() {}

/// An extractor `X` of a type that the macro does not know. Its expansion has a trait of its own for it, whose error says
/// what to write. rustc infers the type here before it looks for the extractor.
pub struct Unknown<T, X>(pub X, pub PhantomData<fn() -> T>);

impl<T, X, S, K> Source<S, K> for Unknown<T, X>
where
    T: Send,
    X: Source<S, K, Value = T>,
    S: Sync,
    K: Send,
{
    type Value = T;

    async fn read(self, kept: &mut K, context: &Context<'_, S>) -> Result<T, Response> {
        self.0.read(kept, context).await
    }
}
