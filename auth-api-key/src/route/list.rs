//! Lists of routes: mounts them and prints them.

use std::fmt;

use axum::{Router, routing::MethodRouter};

#[cfg(feature = "openapi")]
use super::describe::Description;
use super::{
    cors::{OfPath, Options},
    handler::{Guarded, Run, StandsFor},
    info::RouteInfo,
    overlap::clash,
};

/// A list of routes, made by [`routes!`](crate::routes): merge it into a router, and print it to
/// see which routes are open to whom.
///
/// ```
/// use auth_api_key::{Authenticator, Routes, route, routes};
/// use axum::Router;
///
/// #[route("/orders", auth = "api_key", methods = ["GET"], groups = ["shop"])]
/// async fn orders() -> &'static str {
///     "none yet"
/// }
///
/// #[route("/health", auth = "none")]
/// async fn health() {}
///
/// let routes: Routes<Authenticator> = routes![orders, health];
/// assert_eq!(routes.iter().count(), 2);
/// print!("{routes}");
/// let app: Router<Authenticator> = Router::new().merge(routes);
/// ```
///
/// prints
///
/// ```text
/// METHODS  PATH     TYPE  AUTH     GROUPS  CORS  HANDLER         AT
/// GET      /orders  http  api_key  shop    -     my_app::orders  src/main.rs:4
/// any      /health  http  none     -       -     my_app::health  src/main.rs:9
/// ```
#[must_use = "routes answer nothing until they are merged into a router"]
// Its parameter has the name that developers give their state: rustc proposes it for a `Routes` without one.
pub struct Routes<AppState> {
    routes: Vec<RouteInfo>,
    /// What the expansion of each says.
    #[cfg(feature = "openapi")]
    descriptions: Vec<fn(&mut Description)>,
    paths: Vec<Mounted<AppState>>,
}

/// What is mounted on one path.
struct Mounted<S> {
    path: &'static str,
    /// For all methods but `OPTIONS`.
    handlers: MethodRouter<S>,
    /// For `OPTIONS`, if a route names it.
    options: Option<MethodRouter<S>>,
    /// Whether a route takes all methods.
    takes_all: bool,
    routes: Vec<OfPath<S>>,
}

impl<S: Clone + Send + Sync + 'static> Mounted<S> {
    fn on(path: &'static str) -> Self {
        Self {
            path,
            handlers: MethodRouter::new(),
            options: None,
            takes_all: false,
            routes: Vec::new(),
        }
    }

    fn add<R: Run<S>>(&mut self) {
        let RouteInfo { methods, cors, .. } = R::INFO;
        let erased = axum::routing::any(Guarded::<R>::NEW);
        self.routes
            .push((methods, (!cors.is_empty()).then(|| erased.clone())));
        if methods.is_empty() {
            self.handlers = erased;
            self.takes_all = true;
        } else if methods.contains(&"OPTIONS") {
            self.options = Some(erased);
        }
        // Each method by name, even if all are taken: otherwise another router could take one.
        if let Some(filter) = R::INFO.filter() {
            self.handlers = std::mem::take(&mut self.handlers).on(filter, Guarded::<R>::NEW);
        }
    }

    /// Merges what two lists mount on one path. No two of these routes clash.
    fn merge(&mut self, other: Self) {
        self.handlers = std::mem::take(&mut self.handlers).merge(other.handlers);
        self.options = self.options.take().or(other.options);
        self.takes_all |= other.takes_all;
        self.routes.extend(other.routes);
    }

    fn into_method_router(self) -> MethodRouter<S> {
        let Self {
            handlers,
            options,
            routes,
            takes_all,
            ..
        } = self;
        let plain = routes.iter().all(|(_, cors)| cors.is_none());
        if options.is_none() && plain && !takes_all {
            return handlers;
        }
        let otherwise = options.unwrap_or_else(|| handlers.clone());
        handlers.options(Options {
            routes: routes.into(),
            otherwise,
        })
    }
}

impl<S> Routes<S> {
    /// The routes, in the order in which they were listed.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &RouteInfo> {
        self.routes.iter()
    }

    /// The table of the routes as they are under `prefix`, for a list that
    /// [`Router::nest`](axum::Router::nest) mounts there.
    ///
    /// ```
    /// use auth_api_key::{Routes, route, routes};
    /// use axum::Router;
    ///
    /// #[route("/health", auth = "none")]
    /// async fn health() {}
    ///
    /// let routes: Routes<()> = routes![health];
    /// assert!(routes.under("/api").to_string().contains(" /api/health "));
    /// let app: Router = Router::new().nest("/api", routes.into());
    /// ```
    pub fn under(&self, prefix: &str) -> Nested<'_> {
        let listed = Prefixed {
            prefix: prefix.to_owned(),
            routes: &self.routes,
            #[cfg(feature = "openapi")]
            descriptions: &self.descriptions,
        };
        Nested(vec![listed])
    }
}

/// Lists of routes under their prefixes, made by [`Routes::under`]: `Display` is their table.
pub struct Nested<'a>(Vec<Prefixed<'a>>);

struct Prefixed<'a> {
    prefix: String,
    routes: &'a [RouteInfo],
    #[cfg(feature = "openapi")]
    descriptions: &'a [fn(&mut Description)],
}

impl<'a> Nested<'a> {
    /// The lists of one router that has several.
    ///
    /// ```
    /// use auth_api_key::{Routes, route, routes};
    ///
    /// #[route("/orders", auth = "none")]
    /// async fn orders() {}
    ///
    /// #[route("/health", auth = "none")]
    /// async fn health() {}
    ///
    /// let (api, own): (Routes<()>, Routes<()>) = (routes![orders], routes![health]);
    /// let table = api.under("/api").and(own.under("")).to_string();
    /// assert!(table.contains(" /api/orders ") && table.contains(" /health "));
    /// ```
    #[must_use = "it gives the table, or the document, of both"]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Each route with each of its whole paths.
    #[cfg(feature = "admin")]
    pub(crate) fn rows(&self) -> impl Iterator<Item = (String, &'a RouteInfo)> {
        self.0.iter().flat_map(|list| {
            let routes = list.routes.iter();
            routes.flat_map(move |route| {
                let paths = route.paths();
                paths.map(move |path| (nested(&list.prefix, path), route))
            })
        })
    }

    /// The routes, their paths, and what their expansions say.
    #[cfg(feature = "openapi")]
    pub(crate) fn described(
        &self,
    ) -> impl Iterator<Item = (&'a RouteInfo, Vec<String>, Description)> {
        self.0.iter().flat_map(|list| {
            let routes = list.routes.iter().zip(list.descriptions);
            routes.map(|(route, describe)| {
                let paths = route.paths().map(|path| nested(&list.prefix, path));
                let mut description = Description::default();
                describe(&mut description);
                (route, paths.collect(), description)
            })
        })
    }
}

impl fmt::Debug for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = self.0.iter().map(|list| (&list.prefix, list.routes));
        f.debug_map().entries(lists).finish()
    }
}

impl fmt::Display for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |texts: &[&str], none: &str| match texts {
            [] => none.to_owned(),
            _ => texts.join(","),
        };
        let routes = self
            .0
            .iter()
            .flat_map(|list| list.routes.iter().map(move |route| (&list.prefix, route)));
        let lines = routes.flat_map(|(prefix, route)| {
            route.paths().map(move |path| {
                [
                    list(route.methods, "any"),
                    nested(prefix, path),
                    route.kind.to_owned(),
                    route.auth.to_owned(),
                    list(route.groups, "-"),
                    match route.cors {
                        [] => "-".to_owned(),
                        origins => origins.join(", "),
                    },
                    route.handler.to_owned(),
                    format!("{}:{}", route.file, route.line),
                ]
            })
        });
        let head = std::iter::once(HEAD.map(str::to_owned));
        Table(head.chain(lines).collect()).fmt(f)
    }
}

/// The path of a route in a router that nests it under a prefix, which may end with slashes.
pub(crate) fn nested(prefix: &str, path: &str) -> String {
    match (prefix.trim_end_matches('/'), path) {
        // As `nest` does.
        (prefix, "/") if !prefix.is_empty() => prefix.to_owned(),
        (prefix, path) => format!("{prefix}{path}"),
    }
}

const HEAD: [&str; 8] = [
    "METHODS", "PATH", "TYPE", "AUTH", "GROUPS", "CORS", "HANDLER", "AT",
];

/// Lines of cells, as wide in each column as the widest.
struct Table(Vec<[String; HEAD.len()]>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(lines) = self;
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
        let widths: [usize; HEAD.len()] = std::array::from_fn(|column| width(column).unwrap_or(0));
        for line in lines {
            let cells = line
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"));
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// One list of two, such as those of two modules.
    ///
    /// ```
    /// use auth_api_key::{route, routes};
    ///
    /// mod shop {
    ///     use auth_api_key::{Authenticator, Routes, route, routes};
    ///
    ///     #[route("/orders", auth = "api_key")]
    ///     async fn orders() {}
    ///
    ///     pub fn routes() -> Routes<Authenticator> {
    ///         routes![orders]
    ///     }
    /// }
    ///
    /// #[route("/health", auth = "none")]
    /// async fn health() {}
    ///
    /// let routes = routes![health].merge(shop::routes());
    /// assert_eq!(routes.iter().count(), 2);
    /// ```
    ///
    /// # Panics
    ///
    /// If a route of one list answers the same requests as one of the other: the message names both
    /// handlers, with file and line. Within one list that does not compile. If two lists are merged into a
    /// router one after another, axum panics, too, but without the names.
    #[track_caller]
    #[must_use = "routes answer nothing until they are merged into a router"]
    pub fn merge(mut self, other: Self) -> Self {
        for (old, new) in self
            .routes
            .iter()
            .flat_map(|old| other.routes.iter().map(move |new| (old, new)))
        {
            if let Some(clash) = clash(old, new) {
                panic!("{}", clash.message().as_str());
            }
        }
        for mounted in other.paths {
            match self
                .paths
                .iter_mut()
                .find(|known| known.path == mounted.path)
            {
                Some(known) => known.merge(mounted),
                None => self.paths.push(mounted),
            }
        }
        self.routes.extend(other.routes);
        #[cfg(feature = "openapi")]
        self.descriptions.extend(other.descriptions);
        self
    }
}

/// What a router has and a list does not: its compile error says what to write.
#[doc(hidden)]
impl<S> Routes<S> {
    pub fn route<P, M, T>(self, _path: P, _method_router: M) -> T
    where
        Self: IsARouter,
    {
        unreachable!()
    }

    pub fn layer<L, T>(self, _layer: L) -> T
    where
        Self: IsARouter,
    {
        unreachable!()
    }

    pub fn nest<P, R, T>(self, _path: P, _router: R) -> T
    where
        Self: IsARouter,
    {
        unreachable!()
    }

    pub fn fallback<H, T>(self, _handler: H) -> T
    where
        Self: IsARouter,
    {
        unreachable!()
    }

    pub fn with_state<T>(self, _state: S) -> T
    where
        Self: IsARouter,
    {
        unreachable!()
    }
}

/// See above: nothing implements it.
#[diagnostic::on_unimplemented(
    message = "a list of routes is not a router",
    label = "this is a list, made by `routes!`",
    note = "make a router of it first: `Router::from(routes![…])`, or `Router::new().merge(routes![…])`"
)]
pub trait IsARouter {}

/// For the macro: a list, made step by step.
pub fn list<S>(make: impl FnOnce() -> Routes<S>) -> Routes<S> {
    make()
}

/// For the macro: a list that is being made. Its length is known once all routes are checked. If one is
/// wrong, rustc reports nothing that depends on the length, so there is one error.
pub struct List<S, const LENGTH: usize>(Routes<S>);

impl<S, const LENGTH: usize> List<S, LENGTH> {
    /// A list without routes.
    pub fn empty() -> Self {
        Self(Routes {
            routes: Vec::new(),
            #[cfg(feature = "openapi")]
            descriptions: Vec::new(),
            paths: Vec::new(),
        })
    }

    /// The handler of the route that a name stands for.
    pub fn named<F: StandsFor<R, M>, R, M>(&self, _: F) -> Guarded<R> {
        Guarded::NEW
    }

    /// The list.
    pub fn done(&mut self) -> Routes<S> {
        std::mem::replace(self, Self::empty()).0
    }
}

impl<S, const LENGTH: usize> List<S, LENGTH>
where
    S: Clone + Send + Sync + 'static,
{
    /// Adds a route.
    pub fn route<R>(&mut self, _: Guarded<R>)
    where
        R: Listed<S, LENGTH>,
    {
        let paths = &mut self.0.paths;
        for (path, _) in R::INFO.paths {
            let index = paths.iter().position(|known| known.path == *path);
            let index = index.unwrap_or_else(|| {
                paths.push(Mounted::on(path));
                paths.len() - 1
            });
            paths[index].add::<R>();
        }
        self.0.routes.push(R::INFO);
        #[cfg(feature = "openapi")]
        self.0.descriptions.push(R::describe);
    }

    /// Adds the routes of a controller.
    pub fn controller<C>(&mut self, controller: C)
    where
        C: ListedController<S, LENGTH>,
    {
        controller.list(self);
    }
}

/// The routes of a controller, if they can be mounted on the state `S`.
pub trait ListedController<S, const LENGTH: usize> {
    /// Adds them to a list.
    fn list(self, list: &mut List<S, LENGTH>);
}

/// A route that can be mounted on the state `S`.
pub trait Listed<S, const LENGTH: usize>: Run<S> {}

impl<R: Run<S>, S, const LENGTH: usize> Listed<S, LENGTH> for R {}

impl<S> From<Routes<S>> for Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn from(routes: Routes<S>) -> Self {
        let mount = |router: Self, mounted: Mounted<S>| {
            router.route(mounted.path, mounted.into_method_router())
        };
        routes.paths.into_iter().fold(Self::new(), mount)
    }
}

impl<S> fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.routes).finish()
    }
}

/// A table with a line for each route and path.
impl<S> fmt::Display for Routes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.under("").fmt(f)
    }
}
