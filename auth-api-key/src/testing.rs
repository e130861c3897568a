//! For tests of programs: keys, requests that send them, and an assertion that no route of a router is open
//! by accident.

use std::{collections::BTreeMap, convert::Infallible, panic::Location};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header::WWW_AUTHENTICATE, request},
    response::Response,
};
use futures_util::future::BoxFuture;
use tower_service::Service as _;

use crate::{
    authenticator::Authenticator,
    key::{KeyRecord, NewKey},
    rejection::{Cause, Reason, Rejection},
    route::{RouteInfo, Routes, guard::RefusedByOwnMethod, info::METHODS, list::nested},
};

/// A key for tests, made by [`Authenticator::test_key`].
#[derive(Clone, Debug)]
pub struct TestKey {
    /// What the store knows of it.
    pub record: KeyRecord,
    header: (HeaderName, HeaderValue),
}

impl TestKey {
    /// The header that sends it, for any client: `request.header(name, value)`.
    pub fn header(&self) -> (HeaderName, HeaderValue) {
        self.header.clone()
    }
}

/// A request that a test sends with a key.
///
/// ```
/// use auth_api_key::{ApiKey, Authenticator, route, routes, testing::WithKey};
/// use axum::{Router, body::Body, http::Request};
/// use tower::ServiceExt;
///
/// #[route("/orders", auth = "api_key", groups = ["shop"])]
/// async fn orders(key: ApiKey) -> String {
///     format!("orders of {}", key.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let auth = Authenticator::for_tests();
/// let anna = auth.test_key("anna", &["shop"]).await;
/// let app = Router::new().merge(routes![orders]).with_state(auth.clone());
///
/// let request = Request::get("/orders").with_key(&anna).body(Body::empty()).unwrap();
/// assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 200);
///
/// auth.keys().archive("anna").await.unwrap();
/// let request = Request::get("/orders").with_key(&anna).body(Body::empty()).unwrap();
/// assert_eq!(app.oneshot(request).await.unwrap().status(), 401);
/// # }
/// ```
pub trait WithKey {
    /// The request with the header of the key.
    #[must_use]
    fn with_key(self, key: &TestKey) -> Self;
}

impl WithKey for request::Builder {
    fn with_key(self, key: &TestKey) -> Self {
        let (name, value) = key.header();
        self.header(name, value)
    }
}

impl<B> WithKey for axum::http::Request<B> {
    fn with_key(mut self, key: &TestKey) -> Self {
        let (name, value) = key.header();
        self.headers_mut().insert(name, value);
        self
    }
}

impl Authenticator {
    /// Makes a key with this name, in these groups, for the user `user of NAME`. Missing groups are made.
    ///
    /// # Panics
    ///
    /// If a key has this name already, or the key cannot be made.
    pub async fn test_key(&self, name: &str, groups: &[&str]) -> TestKey {
        let key = NewKey::new(name, format!("user of {name}")).groups(groups.iter().copied());
        let keys = self.keys();
        let created = keys.create(key).await;
        let created = created.unwrap_or_else(|error| panic!("no key {name:?} for a test: {error}"));
        let value = HeaderValue::from_str(created.secret.expose());
        let value = value.expect("an issued text has ASCII letters alone");
        TestKey {
            record: created.record,
            header: (self.header().name.clone(), value),
        }
    }
}

/// What a router should have: the routes of lists, and other paths that anybody may call. See
/// [`assert_closed`].
#[must_use = "nothing is asserted until it is given to `assert_closed`"]
pub struct Expected {
    /// Each route by its path in the router.
    routes: Vec<(String, RouteInfo)>,
    open: Vec<String>,
    fallback: bool,
    stranger: Option<(HeaderName, HeaderValue)>,
}

impl<S> From<&Routes<S>> for Expected {
    fn from(routes: &Routes<S>) -> Self {
        Self {
            routes: routes
                .iter()
                .flat_map(|route| route.paths().map(|path| (path.to_owned(), *route)))
                .collect(),
            open: Vec::new(),
            fallback: false,
            stranger: None,
        }
    }
}

/// What [`assert_closed`] takes first: a list of routes, or [`Expected`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the first argument of `assert_closed`",
    label = "write `assert_closed(&listed(), app)`: first a reference to a list of routes, then the router"
)]
pub trait IsExpected {
    /// What the router should have.
    fn expected(self) -> Expected;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Expected>> IsExpected for T {
    fn expected(self) -> Expected {
        self.into()
    }
}

impl Expected {
    /// Puts `prefix` before the paths, as [`Router::nest`] does.
    pub fn under(mut self, prefix: &str) -> Self {
        for (path, _) in &mut self.routes {
            *path = nested(prefix, path);
        }
        self
    }

    /// Adds another list of the same router.
    pub fn and(mut self, other: impl Into<Self>) -> Self {
        let other = other.into();
        self.routes.extend(other.routes);
        self.open.extend(other.open);
        self.fallback |= other.fallback;
        self.stranger = self.stranger.or(other.stranger);
        self
    }

    /// Allows a path that is in no list and that anybody may call: one path as the router has it, such as
    /// `/docs`, or all paths below another, as `/assets/*`.
    pub fn open(mut self, path: impl Into<String>) -> Self {
        self.open.push(path.into());
        self
    }

    /// Allows a fallback that anybody may call.
    pub fn open_fallback(mut self) -> Self {
        self.fallback = true;
        self
    }

    /// Also sends a key that is in no group: routes with `groups` must refuse it.
    pub fn stranger(mut self, key: &TestKey) -> Self {
        self.stranger = Some(key.header());
        self
    }

    fn is_open(&self, path: &str) -> bool {
        self.open.iter().any(|open| match open.strip_suffix("/*") {
            Some(above) => path
                .strip_prefix(above)
                .is_some_and(|below| below.is_empty() || below.starts_with('/')),
            None => shape(open) == shape(path),
        })
    }
}

/// Asserts that all guards of a router are closed. It calls each route of the finished router, by each of its
/// methods, without a key, and fails if anything but the guard of the route answers.
///
/// ```
/// use auth_api_key::{ApiKey, Authenticator, Routes, route, routes, testing::assert_closed};
/// use axum::{Router, routing::get};
///
/// #[route("/orders", auth = "api_key")]
/// async fn orders(key: ApiKey) -> String {
///     format!("orders of {}", key.user)
/// }
///
/// fn listed() -> Routes<Authenticator> {
///     routes![orders]
/// }
///
/// fn app() -> Router {
///     Router::new().merge(listed()).with_state(Authenticator::for_tests())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// assert_closed(&listed(), app()).await;
/// # let failed = tokio::spawn(async {
/// // This panics: "/metrics is in the router, and in no list".
/// assert_closed(&listed(), app().route("/metrics", get(|| async { "42" }))).await;
/// # }).await;
/// # assert!(failed.is_err());
/// # }
/// ```
///
/// `listed` are the lists of the router: `&routes`, or
/// `Expected::from(&routes).under("/api").open("/docs")`. What is expected of a route follows its attribute:
///
/// - `auth = "api_key"`: the guard refuses a request without a key. If the route has `groups`, it also
///   refuses [a key that is in no group](Expected::stranger), if you give one.
/// - `auth = "public"`: the guard refuses a wrong key. If the authenticator answers as Odoo does, any key is
///   ignored, and nothing is asserted.
/// - `auth = "none"`: nothing is asserted, since the attribute says that the route is open.
/// - Your own type: it refuses a request without credentials.
///
/// It also fails if the router answers a method that a listed path does not have, if the router has a path
/// that is neither listed nor named as [open](Expected::open), or if a [fallback](Expected::open_fallback)
/// answers. It runs the function of a route only if the attribute opens the route, or if the guard does not refuse:
/// then the assertion fails.
///
/// # Panics
///
/// If a route is not closed: the message names each such route, with file and line. Also if the list is
/// empty, or if the paths cannot be read from the router's `Debug`, which another version of axum may write
/// in another way.
#[track_caller]
pub fn assert_closed(listed: impl IsExpected, router: Router) -> BoxFuture<'static, ()> {
    let expected = listed.expected();
    let caller = Location::caller();
    // Not `impl Future`, which would depend on the type of `listed`: rustc would report a wrong argument three times.
    Box::pin(async move {
        let wrong = wrong(&expected, &router).await;
        assert!(
            wrong.is_empty(),
            "{caller}: the router is not closed:\n{}",
            wrong.join("\n")
        );
    })
}

async fn wrong(expected: &Expected, router: &Router) -> Vec<String> {
    if expected.routes.is_empty() {
        return vec!["the list has no route".to_owned()];
    }
    let mut wrong = Vec::new();
    let (mut header, mut is_odoo) = (HeaderName::from_static("api-key"), false);
    // Their refusals show the settings of the authenticator, which the requests to the others need.
    let (first, others): (Vec<_>, Vec<_>) =
        (expected.routes.iter()).partition(|(_, route)| route.auth == "api_key");
    // The methods that are listed, by path.
    let mut listed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, route) in first.into_iter().chain(others) {
        let methods = route.named_methods();
        listed.entry(shape(path)).or_default().extend(methods);
        for &method in methods {
            let wrong_key = HeaderValue::from_static("a-key-that-nobody-has");
            let key = (route.auth == "public").then(|| (header.clone(), wrong_key));
            let answer = ask(router, method, path, key).await;
            let answered = match answer.extensions().get() {
                Some(Cause::Refused(rejection)) => {
                    header = header_of(&answer).unwrap_or(header);
                    is_odoo |= rejection.is_odoo();
                    by_guard(route, rejection)
                }
                _ => match route.auth {
                    "none" => Ok(()),
                    "public" if is_odoo => Ok(()),
                    "api_key" | "public" => Err(format!(
                        "{} by something other than its guard",
                        answer.status()
                    )),
                    _ if answer.extensions().get::<RefusedByOwnMethod>().is_some() => Ok(()),
                    own => Err(format!(
                        "{} by something other than `{own}`",
                        answer.status()
                    )),
                },
            };
            if let Err(answered) = answered {
                wrong.push(format!(
                    "{method} {path} was answered with {answered}: {}",
                    site(route)
                ));
                continue;
            }
            let Some(stranger) = expected.stranger.clone() else {
                continue;
            };
            if route.auth != "api_key" || route.groups.is_empty() {
                continue;
            }
            let answer = ask(router, method, path, Some(stranger)).await;
            let reason = match answer.extensions().get() {
                Some(Cause::Refused(rejection)) => Some(rejection.reason()),
                _ => None,
            };
            if reason != Some(Reason::ForbiddenGroup) {
                wrong.push(format!(
                    "{method} {path} was answered with {} to a key that is in no group: {}",
                    answer.status(),
                    site(route)
                ));
            }
        }
    }
    for (path, methods) in &listed {
        for method in METHODS.iter().filter(|method| !methods.contains(method)) {
            // `GET` routes answer `HEAD`.
            if *method == "HEAD" && methods.contains(&"GET") {
                continue;
            }
            let answer = ask(router, method, path, None).await;
            if is_open(&answer) {
                wrong.push(format!(
                    "{method} {path} was answered with {}: no list has this method",
                    answer.status()
                ));
            }
        }
    }
    match paths(router) {
        Some(paths) => {
            let unknown = paths
                .iter()
                .filter(|path| !listed.contains_key(&shape(path)) && !expected.is_open(path));
            wrong.extend(unknown.map(|path| {
                format!("{path} is in the router, and in no list: list it, or name it by `open`")
            }));
        }
        None => wrong.push("the paths of the router cannot be read from its `Debug`".to_owned()),
    }
    let answer = ask(router, "GET", "/no-route-has-this-path-5f2d", None).await;
    if !expected.fallback && is_open(&answer) {
        wrong.push(format!(
            "a fallback answers with {}: name it by `open_fallback`",
            answer.status()
        ));
    }
    wrong
}

/// Whether a refusal is what the route asks for; if it is not, what it was.
fn by_guard(route: &RouteInfo, rejection: &Rejection) -> Result<(), String> {
    match (route.auth, rejection.reason()) {
        ("api_key", Reason::MissingKey) | ("public", Reason::UnknownKey) | ("none", _) => Ok(()),
        (_, Reason::Unavailable) => Err("503: the key store cannot be asked".to_owned()),
        // An `ApiKeyLayer` around the route has refused the request.
        (_, Reason::MissingKey) => Ok(()),
        (_, reason) => Err(format!("the refusal {reason:?}")),
    }
}

fn is_open(answer: &Response) -> bool {
    let by_us = answer.extensions().get::<Cause>().is_some();
    let by_axum = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
    !by_us && !by_axum.contains(&answer.status())
}

fn site(route: &RouteInfo) -> String {
    format!("{} at {}:{}", route.handler, route.file, route.line)
}

/// The header that a refusal asks for.
fn header_of(answer: &Response) -> Option<HeaderName> {
    let challenge = answer.headers().get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, header) = challenge.split_once("header=\"")?;
    header.split('"').next()?.parse().ok()
}

async fn ask(
    router: &Router,
    method: &str,
    path: &str,
    key: Option<(HeaderName, HeaderValue)>,
) -> Response {
    let mut request = Request::builder().method(method).uri(filled(path));
    if let Some((name, value)) = key {
        request = request.header(name, value);
    }
    let request = request.body(Body::empty()).expect("it is a request");
    let answer: Result<Response, Infallible> = router.clone().call(request).await;
    answer.unwrap_or_else(|never| match never {})
}

/// The path of a request, with a value for each capture.
fn filled(path: &str) -> String {
    shape(path)
        .replace("{*}", "1")
        .replace("{}", "1")
        .replace("{{", "%7B")
        .replace("}}", "%7D")
}

/// The path without the names of its captures.
fn shape(path: &str) -> String {
    let (mut shape, mut rest) = (String::new(), path);
    while let Some((before, after)) = rest.split_once('{') {
        shape.push_str(before);
        shape.push('{');
        rest = match after.strip_prefix('{') {
            Some(after) => {
                shape.push('{');
                after
            }
            None => {
                let end = after.find('}').unwrap_or(after.len());
                shape.push_str(if after.starts_with('*') { "*" } else { "" });
                &after[end..]
            }
        };
    }
    shape + rest
}

/// The paths of a router, which axum shows only in its `Debug`.
fn paths(router: &Router) -> Option<Vec<String>> {
    let text = format!("{router:?}");
    let (routes, _) = text.split_once("fallback_router: ")?;
    let (_, mut rest) = routes.split_once("node: Node { paths: {")?;
    let mut paths = Vec::new();
    while let Some(entry) = rest.strip_prefix("RouteId(") {
        let (_, path) = entry.split_once("): \"")?;
        let (mut read, mut is_escaped) = (String::new(), false);
        let end = path.find(|character| {
            let is_end = character == '"' && !is_escaped;
            is_escaped = character == '\\' && !is_escaped;
            if !is_end && !is_escaped {
                read.push(character);
            }
            is_end
        })?;
        paths.push(read);
        rest = path[end + 1..].trim_start_matches([',', ' ']);
    }
    rest.starts_with('}').then_some(paths)
}
