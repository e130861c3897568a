//! API keys for [axum]: a function with `#[route(…, auth = "api_key")]` runs only for requests with
//! a valid key.
//!
//! Put the attribute above your handler, create a key, and merge the route into a router:
//!
//! ```
//! use auth_api_key::{ApiKey, Authenticator, NewKey, route, routes, store::MemoryStore};
//! use axum::Router;
//!
//! #[route("/my_service", auth = "api_key")]
//! async fn my_service(key: ApiKey) -> String {
//!     format!("hello {}, you act for user {}", key.name, key.user)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
//! // In production: `Authenticator::connect("sqlite:keys.db")`.
//! let auth = Authenticator::builder().build(MemoryStore::new()).await?;
//! let created = auth.keys().create(NewKey::new("webshop", "user-7")).await?;
//! println!("curl -H 'API-KEY: {}' …/my_service", created.secret.expose());
//!
//! let app: Router = Router::new().merge(routes![my_service]).with_state(auth);
//! # Ok(()) }
//! ```
//!
//! Where to read on:
//!
//! - Routes: [`route`](macro@route) is the reference of the attribute. [`controller`](macro@controller) makes
//!   routes of the methods of one `impl`. [`routes!`] lists routes.
//! - Keys: [`Authenticator`] verifies them, and [`Builder`] has its settings. Its
//!   [`keys`](Authenticator::keys), [`groups`](Authenticator::groups) and [`users`](Authenticator::users) give
//!   handles with which you change them.
//! - Without the attribute: [`ApiKey`] is also an extractor, and [`ApiKeyLayer`] guards a whole router.
//! - Types: [`routing`] has those of routes and lists, and those of Odoo's JSON-RPC.
//! - The [`guide`] has a page for each task: [choosing](guide::choosing), [routes](mod@guide::routes),
//!   [keys](guide::keys), [groups](guide::groups), [the command line](guide::command_line), [pages for
//!   operators](guide::pages), [answers](guide::answers), [tests](guide::testing), [OpenAPI](guide::openapi),
//!   [many nodes](guide::nodes), [faults](guide::faults), [the trail](guide::trail),
//!   [lifetimes](guide::lifetimes), [security](guide::security), [Odoo](guide::odoo).
//! - [Coming from Odoo](coming_from_odoo) is for you if you know `auth_api_key` from Odoo.
//! - Your own parts: implement a trait of [`store`] to keep keys elsewhere, and [`AuthMethod`] to
//!   authenticate callers in another way.
//!
//! # Answers
//!
//! What a caller gets if the crate does not run your function:
//!
//! | case | status | `code` |
//! | --- | --- | --- |
//! | no key, or an empty one | 401 | `missing_api_key` |
//! | unknown, expired, archived, of an archived user, unreadable, sent twice | 401 | `invalid_api_key` |
//! | valid key, not in the groups | 403 | `forbidden_group` |
//! | valid key, but the caller's address is not in its networks, or is not known | 403 | `forbidden_network` |
//! | keys cannot be checked | 503, `Retry-After` | `unavailable` |
//! | an argument that cannot be read | 400 | `invalid_argument` |
//!
//! The answers are `application/problem+json` ([RFC 9457]). A 401 carries
//! `WWW-Authenticate: ApiKey realm="…", header="API-KEY"`. The log (`tracing`) has the exact reason, with
//! the key's id, name and hint, never its text. For callers that were written for Odoo,
//! [`AnswerStyle::Odoo`](rejection::AnswerStyle::Odoo) answers as Odoo does.
//!
//! # Features
//!
//! | feature | what it adds | Rust |
//! | --- | --- | --- |
//! | `sqlite` (default) | keys in a SQLite file | 1.94 |
//! | `postgres` | keys in a PostgreSQL database, shared by many nodes | 1.94 |
//! | `odoo` | keys in Odoo's own tables, those of the OCA module `auth_api_key`; types for what Odoo's controllers take, raise and answer; `type = "form"` | 1.94 |
//! | `environment` | texts of keys from a configuration file or from variables | 1.88 |
//! | `metrics` | metrics through the crate [metrics](https://docs.rs/metrics) | 1.88 |
//! | `admin` | [pages](admin) on which operators create, rotate and revoke keys in a browser | 1.88 |
//! | `openapi` | the [OpenAPI document](openapi) of a list of routes, made from their attributes | 1.88 |
//! | `test` | for `[dev-dependencies]`: [`Authenticator::for_tests`], a clock that tests can advance, keys for unit tests, and [`testing`], which asserts that no route is open by accident | 1.88 |
//! | `cli` | the program `auth-api-key`, which manages keys from the command line; it adds nothing to the library | 1.88 |
//!
//! With the default features, the crate needs Rust 1.94. Without them, Rust 1.88 is enough.
//!
//! [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "admin")]
pub mod admin;
pub mod authenticator;
pub mod error;
pub mod extract;
pub mod key;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod rejection;
mod route;
pub mod store;
#[cfg(feature = "test")]
pub mod testing;

pub use auth_api_key_macros::{controller, route};

pub use crate::{
    authenticator::{Authenticator, Builder},
    error::Error,
    extract::{ApiKeyLayer, ProvidesAuthenticator},
    key::{ApiKey, NewKey},
    rejection::{Reason, Rejection},
    route::{AuthMethod, Identity, Routes},
};

/// Routes and lists of routes, which the attributes and [`routes!`] make, and what routes that speak
/// JSON-RPC take and answer.
pub mod routing {
    pub use crate::route::{
        AuthMethod, Identity, JsonRequest, JsonRpcError, Nested, Params, RouteInfo, Routes,
    };
}

/// For Odoo with the OCA module `auth_api_key`: its keys, and what its controllers take, raise and
/// answer. See also [Coming from Odoo](crate::coming_from_odoo).
#[cfg(feature = "odoo")]
pub mod odoo {
    pub use crate::{
        authenticator::{Imported, SkipReason, Skipped},
        route::odoo::{
            answers::{File, FileResponse, content_disposition, make_json_response},
            arguments::{Kwargs, KwargsRejection, Upload},
            converters::{Float, Int, Slug, Text},
            exceptions::*,
        },
        store::OdooStore,
    };
}

/// Lists routes by the names of their handlers, to be merged into a router: `routes![a, shop::b]`
/// is a [`Routes<S>`](Routes). A name in upper camel case is a [`controller`](macro@controller), and
/// stands for all its routes: `routes![a, Shop]`. The names are those of functions and types: a variable has no
/// path, and rustc refuses it as "a non-constant value".
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
/// If `#[cfg]` removes a handler, write the same `#[cfg(…)]`, or `#[cfg_attr(…, cfg(…))]`, above its name in
/// the list: the name is in the list if the condition holds. Any other attribute there is an error.
///
/// ```
/// # use auth_api_key::{Routes, route, routes};
/// #[route("/health", auth = "none")]
/// async fn health() {}
///
/// #[cfg(feature = "debug")]
/// #[route("/debug", auth = "none")]
/// async fn debug() {}
///
/// let routes: Routes<()> = routes![
///     health,
///     #[cfg(feature = "debug")]
///     debug,
/// ];
/// assert_eq!(routes.iter().count(), 1);
/// ```
///
/// Two routes of one list that answer the same requests do not compile: the error names both, with
/// file and line. Names of captures make no difference, and a route without `methods` answers all methods.
/// What axum would refuse at start-up does not compile either: one path that names its captures in two
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
/// let routes: Routes<()> = routes![order, named_order];
/// ```
#[macro_export]
macro_rules! routes {
    ($($handler:tt)*) => {
        $crate::__private::routes!($crate; $($handler)*)
    };
}

#[doc = include_str!("coming_from_odoo.md")]
pub mod coming_from_odoo {}

pub mod guide;

/// What the macros expand to. Not for direct use: it changes without notice.
#[doc(hidden)]
#[allow(missing_docs)]
pub mod __private {
    pub use axum::{
        body::Body,
        extract::{FromRequest, FromRequestParts, Request, State},
        response::{IntoResponse, Response},
    };

    pub use auth_api_key_macros::routes;
    pub use std::{
        boxed::Box,
        option::Option::{None, Some},
        result::Result::{Err, Ok},
    };

    #[cfg(feature = "odoo")]
    pub use crate::route::odoo::arguments::FormRequest;
    /// What an expansion says of its route for documents.
    #[cfg(feature = "openapi")]
    pub mod describe {
        pub use crate::route::{describe::*, handler::AnyState};
    }

    pub use crate::{
        extract::ProvidesAuthenticator,
        route::{
            AuthMethod, RouteInfo,
            argument::{
                Argument, KeptRequest, LastArgument, OfTheState, Provides, Unknown, WholeRequest,
                argument, capture, last, many, one, optional, optional_capture, part, unnamed,
            },
            controller::{Controller, NoController, NotAController, Stub},
            guard::{
                AnswerFuture, Authenticates, ByKey, ByMethod, Open, Public, RouterState, identifies,
            },
            handler::{
                Call, CalledByARouter, Guarded, HasAnswer,
                OnlyATestRunsABodyWithoutItsGuard_MoveSharedCodeIntoAFunction, Ran, RouteValue,
                Run,
            },
            info::{ControllerRoutes, Route, cors, of_type, route_info},
            jsonrpc::{
                JsonRpc, Returned, ReturnedValue, call_argument, optional_param, param, rest, whole,
            },
            list::{List, Listed, ListedController, list},
            overlap::{ListCheck, info, infos, total, total_of_paths},
            run::{answer, run, run_method},
            source::{Nothing, Source},
        },
    };
}
