//! The OpenAPI document of a list of routes, which says what their attributes and handlers say.
//!
//! ```
//! use auth_api_key::{
//!     ApiKey, Authenticator, Routes, openapi::utoipa::{self, ToSchema}, route, routes,
//! };
//! use axum::{Json, Router, routing::get};
//!
//! #[derive(serde::Serialize, ToSchema)]
//! struct Order {
//!     article: String,
//! }
//!
//! /// Lists the caller's orders.
//! #[route("/orders?limit", auth = "api_key", methods = ["GET"], groups = ["shop"])]
//! async fn orders(key: ApiKey, limit: Option<u8>) -> Json<Vec<Order>> {
//! #   let _ = (key, limit);
//!     Json(Vec::new())
//! }
//!
//! fn app(auth: Authenticator) -> Router {
//!     let routes: Routes<Authenticator> = routes![orders];
//!     let document = routes.openapi(&auth, "Shop", "1.0");
//!     let orders = &document.paths.paths["/orders"].get.as_ref().unwrap();
//!     assert_eq!(orders.summary.as_deref(), Some("Lists the caller's orders."));
//!     Router::new()
//!         .merge(routes)
//!         .with_state(auth)
//!         .route("/openapi.json", get(async || Json(document)))
//! }
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! # app(Authenticator::builder().build(auth_api_key::store::MemoryStore::new()).await.unwrap());
//! # }
//! ```
//!
//! `routes.under("/api").openapi(…)` is the document of a list that is nested under a prefix, and
//! `api.under("/api").and(own.under("")).openapi(…)` that of two. The version is 3.1. It is an
//! [`OpenApi`] of the crate [`utoipa`], which pages such as Swagger UI take.
//!
//! A document names all routes of a program, and who may call them: decide who may read it. If programs
//! read it, serve it by a guarded route, as the example `shop` does. If people read it in a browser, protect
//! the page and the document by their sign-in, since a browser does not send the key's header.
//!
//! # What it says
//!
//! | of | comes from |
//! | --- | --- |
//! | who may call | `auth`, and the [`Builder`](crate::Builder)'s header and `bearer`: the scheme `ApiKey`, and `Bearer` as another; `"public"` has `{}` besides, `"none"` is `[]`; an own method has the scheme of [`AuthMethod::scheme`](crate::AuthMethod::scheme) |
//! | groups | `groups`: one requirement each, and `x-groups` |
//! | parameters | captures, names after `?`, and `Query<T>` where `T` has `IntoParams` or `ToSchema` |
//! | bodies | `Json<T>`, `Form<T>`, `Multipart`, `Bytes`, `String`; the `params` of a call, or all of it for a `JsonRequest<T>` |
//! | forms | the names after `?` with `type = "form"`, and a `Kwargs<T>`: parameters of `GET`, and else the fields of a body |
//! | answers | what the handler returns: `Json<T>`, texts, `Html`, `NoContent`, `()`, and each type that has `IntoResponses` |
//! | refusals | the guard, in the authenticator's style, and the rejections of the extractors |
//! | summary, description | the handler's documentation: the first paragraph, and the rest |
//! | tag, id, `deprecated` | the controller, the handler's name, `#[deprecated]` |
//!
//! A `Result<T, E>` has the answers of both. Where it cannot be known what a type answers, such as a
//! `Response`, an `impl IntoResponse`, a tuple with a `StatusCode`, an `Exception` of any kind, or a type
//! without `IntoResponses`, the document says `default`: implement `IntoResponses` for a type of yours. A type
//! without a schema is `{}`, any value. Numbers, texts, and types of the crates uuid, chrono and jiff have schemas.
//!
//! What a document has no words for, such as `/files/{*path}`, the method `CONNECT`, or what an extractor
//! of yours reads, stands in `x-not-described`, with the reason: in the document, or at the operation.
//!
//! utoipa's derive macros need the name `utoipa` in scope: `use auth_api_key::openapi::utoipa;`.
//!
//! # Beside `#[utoipa::path]`
//!
//! If a document of utoipa describes the route, put `#[utoipa::path(…)]` above `#[route]`. Neither reads the
//! other: the guard comes from `#[route]`, and you keep the description correct.
//!
//! ```
//! use auth_api_key::{openapi::utoipa::{self, OpenApi}, route};
//!
//! #[utoipa::path(get, path = "/health", responses((status = 200)))]
//! #[route("/health", auth = "none", methods = ["GET"])]
//! async fn health() {}
//!
//! #[derive(OpenApi)]
//! #[openapi(paths(health))]
//! struct Document;
//!
//! assert!(Document::openapi().paths.paths.contains_key("/health"));
//! # let routes: auth_api_key::Routes<()> = auth_api_key::routes![health];
//! ```

mod answers;
mod document;
mod operation;

pub use utoipa;

use utoipa::openapi::OpenApi;

use crate::{
    authenticator::Authenticator,
    route::{Routes, list::Nested},
};

impl<S> Routes<S> {
    /// The [OpenAPI document](crate::openapi) of the routes, with the header and the answers of an
    /// authenticator: `title` and `version` are those of the program's interface.
    ///
    /// # Panics
    ///
    /// If two types have one name in the document, and their schemas differ: the message has the name, and
    /// what to write.
    pub fn openapi(&self, auth: &Authenticator, title: &str, version: &str) -> OpenApi {
        self.under("").openapi(auth, title, version)
    }
}

impl Nested<'_> {
    /// The [OpenAPI document](crate::openapi) of the routes, as [`Routes::openapi`].
    ///
    /// # Panics
    ///
    /// If two types have one name in the document, and their schemas differ: the message has the name, and
    /// what to write.
    pub fn openapi(&self, auth: &Authenticator, title: &str, version: &str) -> OpenApi {
        document::document(self.described().collect(), auth, title, version)
    }
}
