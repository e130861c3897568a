//! The OpenAPI document of a list of routes.

mod answers;
mod document;
mod operation;

pub use utoipa;

use utoipa::openapi::OpenApi;

use crate::{
    authenticator::Authenticator,
    route::{
        Routes,
        list::{Nested, nested},
    },
};

impl<S> Routes<S> {
    /// The OpenAPI document of the routes: see [`openapi`](crate::openapi).
    ///
    /// # Panics
    ///
    /// If two types have one name in the document, and another schema: the message names them.
    pub fn openapi(&self, auth: &Authenticator, title: &str, version: &str) -> OpenApi {
        self.under("").openapi(auth, title, version)
    }
}

impl<S> Nested<'_, S> {
    /// The OpenAPI document of the routes under the prefix: see [`openapi`](crate::openapi).
    ///
    /// # Panics
    ///
    /// If two types have one name in the document, and another schema: the message names them.
    pub fn openapi(&self, auth: &Authenticator, title: &str, version: &str) -> OpenApi {
        let routes = self.routes.described().map(|(info, description)| {
            let paths = info.paths().map(|path| nested(&self.prefix, path));
            (info, paths.collect(), description)
        });
        document::document(routes.collect(), auth, title, version)
    }
}
