//! API keys for [axum]: a handler decorated with `#[route(…, auth = "api_key")]` cannot be reached
//! without a valid key.
//!
//! ```
//! use auth_api_key::{ApiKey, Authenticator, MemoryStore, NewKey, route, routes};
//! use axum::Router;
//!
//! #[route("/my_service", auth = "api_key")]
//! async fn my_service(key: ApiKey) -> String {
//!     format!("hello {}, you act for user {}", key.name, key.user)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
//! // In production: `Authenticator::connect("sqlite:keys.db")`.
//! let auth = Authenticator::builder().store(MemoryStore::new()).await?;
//! let created = auth.create(NewKey::new("webshop", "user-7")).await?;
//! println!("curl -H 'API-KEY: {}' …/my_service", created.secret.expose());
//!
//! let app: Router = Router::new().merge(routes![my_service]).with_state(auth);
//! # Ok(()) }
//! ```
//!
//! - [`route`](macro@route) is the reference of the attribute, [`controller`](macro@controller) is
//!   for many routes of one `impl`; [`routes!`] lists routes.
//! - [`Authenticator`] verifies, creates, rotates and archives keys; [`Builder`] has its settings.
//! - [`ApiKey`] is also an extractor for handlers without the attribute, and [`ApiKeyLayer`] guards
//!   a whole router.
//! - [`JsonRpcError`] and [`Params`] belong to routes that speak Odoo's JSON-RPC.
//! - [Coming from Odoo](coming_from_odoo) is for whoever knows `auth_api_key` there.
//! - [`KeyStore`] is where keys are kept; [`AuthMethod`] is a way of one's own to authenticate.
//!
//! # Answers
//!
//! | case | status | `code` |
//! | --- | --- | --- |
//! | no key, or an empty one | 401 | `missing_api_key` |
//! | unknown, expired, archived, sent twice | 401 | `invalid_api_key` |
//! | valid key, not in the groups | 403 | `forbidden_group` |
//! | valid key, network not allowed | 403 | `forbidden_network` |
//! | key store unreachable | 503, `Retry-After` | `unavailable` |
//! | an argument that cannot be read | 400 | `invalid_argument` |
//!
//! Bodies are `application/problem+json` ([RFC 9457]). A 401 carries
//! `WWW-Authenticate: ApiKey realm="…", header="API-KEY"`. The exact reason is logged through
//! `tracing`, with the key's id, name and hint, never its text. [`AnswerStyle::Odoo`] answers as
//! Odoo does instead, for callers that were written for it.
//!
//! # Features
//!
//! - `sqlite` (default): keys in a SQLite file.
//! - `postgres`: keys in a PostgreSQL database, shared by many nodes.
//! - `environment`: texts of keys from a configuration file or from variables.
//! - `metrics`: counters and histograms through the crate [metrics](https://docs.rs/metrics).
//! - `cli`: the program `auth-api-key`, which keeps keys from the command line. It adds nothing to
//!   the library.
//! - `odoo`: keys where Odoo keeps them, in the tables of the OCA module `auth_api_key`.
//!
//! [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457

#![warn(missing_docs)]

mod authenticator;
mod error;
mod extract;
mod key;
mod rejection;
mod route;
mod store;

pub use auth_api_key_macros::{controller, route};
/// A range of addresses, such as `"10.0.0.0/8".parse()?`; of the crate [ipnet].
pub use ipnet::IpNet;

#[cfg(feature = "environment")]
pub use crate::store::EnvironmentKeys;
#[cfg(feature = "postgres")]
pub use crate::store::PostgresStore;
#[cfg(feature = "sqlite")]
pub use crate::store::SqliteStore;
pub use crate::{
    authenticator::{ArchivedUsers, Authenticator, Builder},
    error::Error,
    extract::{ApiKeyLayer, ApiKeyService, ProvidesAuthenticator},
    key::{ApiKey, Digest, KeyRecord, Secret, StoredSecret, has_valid_checksum},
    rejection::{AnswerStyle, Reason, Rejection},
    route::{AuthMethod, Identity, JsonRpcError, Params, Route, RouteInfo, Routes},
    store::{
        Change, CreatedKey, Group, KeyStore, KeyUpdate, MemoryStore, NewKey, News, PepperCheck,
        Watch,
    },
};
#[cfg(feature = "odoo")]
pub use crate::{
    authenticator::{Imported, SkipReason, Skipped},
    store::OdooStore,
};

/// Lists routes by the names of their handlers, to be merged into a router: `routes![a, shop::b]`
/// is a [`Routes<S>`](Routes). A name in upper camel case is a [`controller`](macro@controller), and
/// stands for all its routes: `routes![a, Shop]`.
///
/// ```
/// use auth_api_key::{Authenticator, route, routes};
/// use axum::Router;
///
/// #[route("/health", auth = "none")]
/// async fn health() {}
///
/// mod shop {
///     use auth_api_key::{ApiKey, route};
///
///     #[route("/orders", auth = "api_key")]
///     pub async fn orders(key: ApiKey) -> String {
///         format!("orders of {}", key.user)
///     }
/// }
///
/// let app: Router<Authenticator> = Router::new().merge(routes![health, shop::orders]);
/// ```
///
/// Two routes of one list that answer the same requests do not compile: the error names both, with
/// file and line. Names of captures make no difference, and a route without `methods` answers all.
/// What axum would refuse at start-up is an error too: one path that names its captures in two
/// ways, and a catch-all in the place of a capture.
///
/// ```compile_fail,E0080
/// # use auth_api_key::{Routes, route, routes};
/// #[route("/orders/{id}", auth = "none", methods = ["GET"])]
/// async fn order(id: u32) {}
///
/// #[route("/orders/{name}", auth = "none")]
/// async fn named_order(name: String) {}
///
/// let routes: Routes = routes![order, named_order];
/// ```
#[macro_export]
macro_rules! routes {
    ($($handler:tt)*) => {
        $crate::__private::routes!($crate; $($handler)*)
    };
}

#[doc = include_str!("coming_from_odoo.md")]
pub mod coming_from_odoo {}

/// What the macros expand to. Not for direct use: it changes without notice.
#[doc(hidden)]
#[allow(missing_docs)]
pub mod __private {
    pub use axum::{
        body::Body,
        extract::{Request, State},
        handler::Handler,
        response::{IntoResponse, Response},
    };

    pub use auth_api_key_macros::{followed_by, routes};
    pub use std::{
        boxed::Box,
        option::Option::{None, Some},
        result::Result::{Err, Ok},
    };

    pub use crate::{
        ProvidesAuthenticator,
        route::{
            AuthMethod, Route, RouteInfo,
            argument::{Provides, argument, captures, last, query},
            controller::{Controller, ControllerRoutes, ListedController, NoController, Stub},
            cors::{preflight, shared},
            guard::{Answer, Authenticates, RouterState, begin, custom, none},
            jsonrpc::{Returned, ReturnedValue, call, call_argument, refused_call},
            list::{List, Listed, cors, jsonrpc, route_info},
            overlap::{Infos, info, infos, total},
        },
    };
}
