//! Pages on which operators create, rotate and revoke keys in a browser.
//!
//! ```no_run
//! use auth_api_key::Authenticator;
//! use axum::Router;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let auth = Authenticator::connect("sqlite:keys.db").await?;
//! let pages = auth
//!     .admin_pages("https://keys.example.com", "key-managers")?
//!     .viewers("key-viewers");
//! let app: Router = Router::new().nest_service("/admin", Router::from(pages));
//! # Ok(()) }
//! ```
//!
//! Whoever has a key in the group `key-managers` signs in with it, and may see and change everything. A key
//! in the group `key-viewers` may see everything, and change nothing. Nobody else sees a page: there is no
//! way to mount them open. The first key comes from the command line:
//!
//! ```text
//! auth-api-key create alice --user alice --group key-managers
//! ```
//!
//! A program that knows its operators already, such as by single sign-on, mounts the pages by
//! [`admin_pages_by`](Authenticator::admin_pages_by) instead.
//!
//! # What they promise
//!
//! - A key's text is shown once, in the answer to the form that made it.
//! - A session ends 8 hours after it began, or half an hour after its last page. Each page verifies the key
//!   again: archiving it, or taking it out of the group, ends its sessions at once. Rotating it ends them
//!   with the overlap.
//! - Nodes that share a database share the sessions. Beside an Odoo, and with keys in memory, each process
//!   has its own.
//! - An issued text that somebody types into a search never stands in an address.
//! - A form is taken only from a page of the same origin, in the browser that the page was made for. Requests
//!   for another host are refused (421).
//! - Ten wrong keys from one address within a minute make it wait (429). They are reported in the log and the trail.
//! - The trail has the name and the id of the key that was signed in with, as the actor of each change.
//! - A manager must enter their own key to put a key into a group of operators, or to give an operator's key more
//!   than it has: a new text, other groups, networks or times, or unarchiving. The last manager cannot be archived,
//!   deleted, limited, or taken out of the group here, even if two nodes try it at the same moment.
//! - All of it works without script. The script shows times in the reader's zone, and copies a key.

mod access;
mod check;
mod cookies;
mod frame;
mod groups;
mod key;
mod keys;
mod language;
mod origin;
mod refused_sign_ins;
mod routes;
mod search;
mod sent;
mod sign_in;
mod trail;
mod users;
mod visitor;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::FromRef,
    http::{StatusCode, header},
    middleware::from_fn_with_state,
    routing::{get, post},
};
use tokio::runtime::Handle;
use zeroize::Zeroizing;

use self::{
    access::Access, cookies::Token, origin::Origin, refused_sign_ins::RefusedSignIns, routes::Row,
};
pub use self::{access::Operator, origin::OriginError};
use crate::{
    authenticator::Authenticator,
    route::{AuthMethod, Nested},
    store::MemorySessions,
};

impl Authenticator {
    /// Pages for operators, to [nest](Router::nest) into a router or to serve by themselves.
    ///
    /// `origin` is the address under which browsers find them, without a path: `https://`, a host, and a
    /// port if it is not 443. `http://` is possible on a loopback address, such as `http://localhost:8070`.
    /// `managers` is the code of the group whose keys may sign in and change everything.
    ///
    /// # Errors
    ///
    /// [`OriginError`] if the origin is not one.
    pub fn admin_pages(
        &self,
        origin: &str,
        managers: impl Into<String>,
    ) -> Result<AdminPages, OriginError> {
        let (managers, viewers) = (managers.into(), None);
        self.pages(origin, Access::Groups { managers, viewers })
    }

    /// Pages for operators whom the program knows by itself, such as by single sign-on: each request asks this
    /// [`AuthMethod`] who acts, and whether they may change something. There is no page for signing in.
    ///
    /// ```no_run
    /// use auth_api_key::{AuthMethod, Authenticator, admin::Operator};
    /// use axum::{
    ///     Router,
    ///     http::{StatusCode, request::Parts},
    /// };
    ///
    /// # struct Sessions; impl Sessions { fn staff(&self, _: &Parts) -> Option<&str> { None } }
    /// struct Staff;
    ///
    /// impl AuthMethod for Staff {
    ///     type State = Sessions;
    ///     type Identity = Operator;
    ///     type Rejection = (StatusCode, &'static str);
    ///
    ///     async fn authenticate(
    ///         parts: &mut Parts,
    ///         sessions: &Sessions,
    ///     ) -> Result<Operator, Self::Rejection> {
    ///         let name = sessions.staff(parts);
    ///         let name = name.ok_or((StatusCode::UNAUTHORIZED, "log in first"))?;
    ///         Ok(Operator::manager(name))
    ///     }
    /// }
    ///
    /// # fn pages(auth: Authenticator, sessions: Sessions) -> Result<(), auth_api_key::admin::OriginError> {
    /// let pages = auth.admin_pages_by::<Staff>("https://keys.example.com", sessions)?;
    /// let app: Router = Router::new().nest_service("/admin", Router::from(pages));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`OriginError`] if the origin is not one.
    pub fn admin_pages_by<M>(
        &self,
        origin: &str,
        state: M::State,
    ) -> Result<AdminPages, OriginError>
    where
        M: AuthMethod<Identity = Operator>,
        M::State: 'static,
    {
        self.pages(origin, access::method::<M>(state))
    }

    /// For the command line: pages for who has a code, which works once within five minutes. They change
    /// keys under this name.
    ///
    /// # Errors
    ///
    /// [`OriginError`] for a wrong origin; [`Error::Random`](crate::Error::Random) without random bytes.
    #[doc(hidden)]
    pub fn admin_pages_by_code(
        &self,
        origin: &str,
        actor: String,
    ) -> Result<(AdminPages, Zeroizing<String>), Box<dyn std::error::Error + Send + Sync>> {
        let code = Token::new()?;
        let access = Access::Code {
            actor,
            code: Mutex::new(Some((code.stored(), self.clock().now() + CODE_WORKS))),
        };
        Ok((self.pages(origin, access)?, code.text()))
    }

    fn pages(&self, origin: &str, access: Access) -> Result<AdminPages, OriginError> {
        Ok(AdminPages(Shared {
            auth: self.clone(),
            origin: Origin::read(origin)?,
            access,
            changes: tokio::sync::Mutex::default(),
            own_sessions: MemorySessions::default(),
            refused: RefusedSignIns::default(),
            routes: Vec::new(),
        }))
    }
}

/// How long a code works.
const CODE_WORKS: Duration = Duration::from_secs(5 * 60);

/// Pages for operators: made by [`Authenticator::admin_pages`] or [`Authenticator::admin_pages_by`].
#[must_use = "pages are not served until they are in a router"]
pub struct AdminPages(Shared);

impl AdminPages {
    /// The code of the group whose keys may sign in and see everything. Without it, managers alone sign in.
    /// It changes nothing for [`admin_pages_by`](Authenticator::admin_pages_by).
    pub fn viewers(mut self, group: impl Into<String>) -> Self {
        if let Access::Groups { viewers, .. } = &mut self.0.access {
            *viewers = Some(group.into());
        }
        self
    }

    /// Shows who may call which route: `pages.routes(&routes.under("/api"))`.
    pub fn routes(mut self, routes: &Nested<'_>) -> Self {
        self.0.routes = routes.rows().map(Row::from).collect();
        self
    }
}

impl fmt::Debug for AdminPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminPages")
            .field("origin", &self.0.origin)
            .finish_non_exhaustive()
    }
}

/// What all pages share.
struct Shared {
    auth: Authenticator,
    origin: Origin,
    access: Access,
    /// Held during a change.
    changes: tokio::sync::Mutex<()>,
    /// If the store keeps none.
    own_sessions: MemorySessions,
    refused: RefusedSignIns,
    routes: Vec<Row>,
}

impl Shared {
    /// Whether there is a page for signing in.
    fn signs_in(&self) -> bool {
        !matches!(self.access, Access::Method(_))
    }

    fn is_read_only(&self) -> bool {
        self.auth.store().map_or(true, |store| store.is_read_only())
    }
}

impl FromRef<Arc<Shared>> for Authenticator {
    fn from_ref(shared: &Arc<Shared>) -> Self {
        shared.auth.clone()
    }
}

impl<S: Clone + Send + Sync + 'static> From<AdminPages> for Router<S> {
    fn from(AdminPages(shared): AdminPages) -> Self {
        let shared = Arc::new(shared);
        // Without a runtime, it is done at the first sign-in.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(introduce(Arc::clone(&shared)));
        }
        let guarded = Router::new()
            .route("/keys", get(keys::page))
            .route(access::SEARCH_KEYS, post(search::keys))
            .route("/archive-unused", post(keys::archive_unused))
            .route(access::CHECK_KEY, get(check::page).post(check::check))
            .route("/new-key", get(key::creation).post(key::create))
            .route("/key", get(key::page).post(key::update))
            .route("/rotate-key", post(key::rotate))
            .route("/archive-key", post(key::archive))
            .route("/unarchive-key", post(key::unarchive))
            .route("/delete-key", post(key::delete))
            .route("/groups", get(groups::page).post(groups::put))
            .route("/delete-group", post(groups::delete))
            .route("/users", get(users::page))
            .route("/archive-user", post(users::archive))
            .route("/unarchive-user", post(users::unarchive))
            .route("/trail", get(trail::page))
            .route(access::SEARCH_TRAIL, post(search::trail))
            .route("/routes", get(routes::page))
            .route_layer(from_fn_with_state(Arc::clone(&shared), access::signed_in))
            .route_layer(from_fn_with_state(Arc::clone(&shared), access::check_form));
        let mut open = Router::new().route("/language", post(sign_in::choose_language));
        if shared.signs_in() {
            open = open
                .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
                .route("/sign-out", post(sign_in::sign_out));
        }
        let check_form = from_fn_with_state(Arc::clone(&shared), access::check_form);
        let open = open.route_layer(check_form);
        let style = ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE);
        let script = (
            [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
            SCRIPT,
        );
        Router::new()
            .merge(guarded)
            .merge(open)
            .route("/", get(sign_in::index))
            .route("/style.css", get(move || async move { style }))
            .route("/script.js", get(move || async move { script }))
            .fallback(|| async { StatusCode::NOT_FOUND })
            .layer(from_fn_with_state(Arc::clone(&shared), access::guard))
            .with_state(shared)
    }
}

/// Adds the groups of these pages to those of all pages, before somebody signs in.
async fn introduce(shared: Arc<Shared>) {
    if let Err(error) = shared.add_operator_groups().await {
        let error: &dyn std::error::Error = &error;
        tracing::warn!(
            error,
            "until somebody signs in to the pages, managers of other pages may give keys their groups"
        );
    }
}

const STYLE: &str = include_str!("admin/assets/style.css");
const SCRIPT: &str = include_str!("admin/assets/script.js");
