//! Web pages of other origins: the answers to their browsers' preflights, and the header without
//! which a browser keeps an answer from them.

use std::{future::ready, sync::Arc};

use axum::{
    extract::Request,
    handler::Handler,
    http::{
        HeaderValue, Method, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
            ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
        },
    },
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use super::{guard::AnswerFuture, info::RouteInfo};
use crate::{authenticator::Authenticator, rejection::Cause};

/// The headers that Odoo allows, without the key's.
const HEADERS: &str = "Origin, X-Requested-With, Content-Type, Accept, Authorization";

/// The method that a preflight asks for; `None` otherwise.
fn requested(request: &Request) -> Option<&str> {
    let headers = request.headers();
    let is_preflight = *request.method() == Method::OPTIONS && headers.contains_key(ORIGIN);
    let method = headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    method.to_str().ok().filter(|_| is_preflight)
}

/// Whether a route takes this method; an empty list takes all.
fn takes(methods: &[&str], method: &str) -> bool {
    methods.is_empty() || methods.contains(&method)
}

/// The origin whose web pages may see the answer to a request, if any.
pub(super) fn allowed(request: &Request, route: &RouteInfo) -> Option<&'static str> {
    match route.cors {
        [] => None,
        [only] => Some(only),
        origins => {
            let sent = request.headers().get(ORIGIN)?;
            origins.iter().copied().find(|origin| sent == *origin)
        }
    }
}

/// Answers a preflight for this route.
pub(super) fn preflight(
    request: &Request,
    route: &RouteInfo,
    origin: Option<&'static str>,
    authenticator: impl FnOnce() -> Option<Authenticator>,
) -> Option<AnswerFuture> {
    let method = requested(request)?;
    // axum answers `HEAD` by the handler of `GET`.
    let is_head = method == "HEAD" && takes(route.methods, "GET");
    if !takes(route.methods, method) && !is_head {
        return None;
    }
    // Browsers need the method that they ask for. Odoo names these two.
    let methods = match (route.methods, route.kind) {
        ([], "http" | "form") if ["GET", "POST"].contains(&method) => "GET, POST".to_owned(),
        ([], _) => method.to_owned(),
        (methods, _) => methods.join(", "),
    };
    let mut headers = HEADERS.to_owned();
    if let Some(authenticator) = authenticator() {
        headers = format!("{headers}, {}", authenticator.header().name);
    }
    for header in route.cors_headers {
        headers = format!("{headers}, {header}");
    }
    let answer = (
        StatusCode::NO_CONTENT,
        [
            (ACCESS_CONTROL_ALLOW_METHODS, methods.as_str()),
            (ACCESS_CONTROL_ALLOW_HEADERS, &headers),
            (ACCESS_CONTROL_MAX_AGE, "86400"),
            (VARY, "origin, access-control-request-method"),
        ],
    );
    let mut answer = Cause::Preflight.of(answer.into_response());
    if let Some(origin) = origin {
        let headers = answer.headers_mut();
        headers.insert(
            ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static(origin),
        );
    }
    Some(Box::pin(ready(answer)))
}

/// Lets web pages of an origin that is allowed see an answer.
pub(super) fn share(route: &RouteInfo, origin: Option<&'static str>, response: &mut Response) {
    let headers = response.headers_mut();
    if route.cors.len() > 1 {
        headers.append(VARY, HeaderValue::from_static("origin"));
    }
    if let Some(origin) = origin {
        let allowed = headers.entry(ACCESS_CONTROL_ALLOW_ORIGIN);
        allowed.or_insert(HeaderValue::from_static(origin));
        if let Ok(readable) = HeaderValue::try_from(route.cors_headers.join(", "))
            && !route.cors_headers.is_empty()
        {
            headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, readable);
        }
    }
}

/// Takes the `OPTIONS` requests of a path: a preflight goes to the route of the method that it asks
/// for, if that has `cors`.
pub(super) struct Options<S> {
    pub(super) routes: Arc<[OfPath<S>]>,
    pub(super) otherwise: MethodRouter<S>,
}

/// A route of a path: its methods and, if it has `cors`, its handler.
pub(super) type OfPath<S> = (&'static [&'static str], Option<MethodRouter<S>>);

impl<S> Options<S> {
    fn preflighted(&self, request: &Request) -> Option<&MethodRouter<S>> {
        let method = requested(request)?;
        let of = |method| {
            let mut routes = self.routes.iter();
            routes.find(|(methods, _)| takes(methods, method))
        };
        let (_, handler) = match method {
            "HEAD" => of("HEAD").or_else(|| of("GET")),
            method => of(method),
        }?;
        handler.as_ref()
    }
}

impl<S> Clone for Options<S> {
    fn clone(&self) -> Self {
        Self {
            routes: Arc::clone(&self.routes),
            otherwise: self.otherwise.clone(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Handler<(), S> for Options<S> {
    type Future = <MethodRouter<S> as Handler<(), S>>::Future;

    fn call(self, request: Request, state: S) -> Self::Future {
        match self.preflighted(&request).cloned() {
            Some(handler) => handler.call(request, state),
            None => self.otherwise.call(request, state),
        }
    }
}
