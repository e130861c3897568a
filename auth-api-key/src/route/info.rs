//! What is known of a route.

use std::panic::Location;

use axum::routing::MethodFilter;

/// The type that a [`route`](macro@crate::route) attribute makes.
pub trait Route: Sized + 'static {
    /// What was written in the attribute, and where.
    const INFO: RouteInfo;

    /// What only the expansion can make.
    type Seal;
}

/// The routes of a controller, before their state is known.
pub trait ControllerRoutes {
    /// What is known of them.
    const ROUTES: &'static [RouteInfo];
}

/// What a [`route`](macro@crate::route) attribute says, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The handler, with its module.
    pub handler: &'static str,
    /// The paths, in axum's syntax, and without the names of their captures.
    pub(super) paths: &'static [(&'static str, &'static str)],
    /// The methods; empty means all.
    pub methods: &'static [&'static str],
    /// How arguments come and answers go: `http`, `form` or `jsonrpc`.
    pub kind: &'static str,
    /// Who may call: `api_key`, `public`, `none`, or the type that decides.
    pub auth: &'static str,
    /// The origins whose web pages may call: `*` is any, empty is none.
    pub cors: &'static [&'static str],
    /// The headers that these pages may send and read, besides the usual ones.
    pub cors_headers: &'static [&'static str],
    /// The groups of which a key must be in one; empty means any valid key.
    pub groups: &'static [&'static str],
    /// The source file.
    pub file: &'static str,
    /// The line in it.
    pub line: u32,
}

/// For the macro: the file and the line are those of the attribute.
#[track_caller]
pub const fn route_info(
    handler: &'static str,
    paths: &'static [(&'static str, &'static str)],
    methods: &'static [&'static str],
    auth: &'static str,
    groups: &'static [&'static str],
) -> RouteInfo {
    let site = Location::caller();
    RouteInfo {
        handler,
        paths,
        methods,
        kind: "http",
        auth,
        cors: &[],
        cors_headers: &[],
        groups,
        file: site.file(),
        line: site.line(),
    }
}

/// For the macro: a route with `type`.
pub const fn of_type(mut route: RouteInfo, kind: &'static str) -> RouteInfo {
    route.kind = kind;
    route
}

/// For the macro: a route with `cors`.
pub const fn cors(
    mut route: RouteInfo,
    origins: &'static [&'static str],
    headers: &'static [&'static str],
) -> RouteInfo {
    route.cors = origins;
    route.cors_headers = headers;
    route
}

/// The methods that axum distinguishes.
pub(crate) const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

impl RouteInfo {
    /// The paths, in axum's syntax.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.paths.iter().map(|(path, _)| *path)
    }

    /// The methods by their names, also if the route takes all.
    pub(crate) fn named_methods(&self) -> &'static [&'static str] {
        match self.methods {
            [] => &METHODS,
            methods => methods,
        }
    }

    /// The methods but `OPTIONS`, which is mounted by itself.
    pub(super) fn filter(&self) -> Option<MethodFilter> {
        let methods = self.named_methods().iter();
        let methods = methods.filter(|method| **method != "OPTIONS");
        let filters = methods.map(|method| match *method {
            "CONNECT" => MethodFilter::CONNECT,
            "DELETE" => MethodFilter::DELETE,
            "GET" => MethodFilter::GET,
            "HEAD" => MethodFilter::HEAD,
            "PATCH" => MethodFilter::PATCH,
            "POST" => MethodFilter::POST,
            "PUT" => MethodFilter::PUT,
            "TRACE" => MethodFilter::TRACE,
            other => unreachable!("`#[route]` admits no method {other}"),
        });
        filters.reduce(MethodFilter::or)
    }
}
