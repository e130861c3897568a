//! Why the crate answers a request itself: a [`Rejection`], or another [`Cause`]. `answers.rs` makes the
//! responses.

use std::{fmt, sync::Arc};

use axum::{
    http::HeaderValue,
    response::{IntoResponse, Response},
};

use super::{answers::Answers, grpc::trailers_only, reason::Reason};
use crate::key::ApiKey;

/// A request that was refused. As a response, it is the answer in the table of the
/// [crate's documentation](crate#answers).
///
/// ```
/// use auth_api_key::{ApiKey, Reason, Rejection};
///
/// // A plain axum handler may look at the rejection itself.
/// async fn whoami(key: Result<ApiKey, Rejection>) -> Result<String, Rejection> {
///     match key {
///         Ok(key) => Ok(key.name.clone()),
///         Err(rejection) if rejection.reason() == Reason::MissingKey => Ok("nobody".into()),
///         Err(rejection) => Err(rejection),
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Rejection {
    reason: Reason,
    key: Option<ApiKey>,
    /// The content type, if the request is a call by gRPC.
    grpc: Option<HeaderValue>,
    answers: Arc<Answers>,
}

impl Rejection {
    pub(crate) fn new(
        reason: Reason,
        key: Option<ApiKey>,
        grpc: Option<HeaderValue>,
        answers: Arc<Answers>,
    ) -> Self {
        Self {
            reason,
            key,
            grpc,
            answers,
        }
    }

    /// Why the request was refused.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The key that was refused, if a key with the text that was sent exists.
    pub fn key(&self) -> Option<&ApiKey> {
        self.key.as_ref()
    }

    /// Whether the authenticator answers as Odoo does.
    #[cfg(feature = "test")]
    pub(crate) fn is_odoo(&self) -> bool {
        self.answers.is_odoo()
    }

    /// The answer on a route with `type = "jsonrpc"`.
    pub(crate) fn into_jsonrpc(self) -> Response {
        let answer = self.answers.envelope(self.reason);
        self.complete(answer)
    }

    fn complete(self, mut answer: Response) -> Response {
        self.answers.keep_uncached(&mut answer);
        Cause::Refused(self).of(answer)
    }
}

impl IntoResponse for Rejection {
    fn into_response(mut self) -> Response {
        let answer = match self.grpc.take() {
            Some(content_type) => trailers_only(self.reason.case(), content_type),
            None => self.answers.problem(self.reason),
        };
        self.complete(answer)
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("reason", &self.reason)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.case().detail())
    }
}

impl std::error::Error for Rejection {}

/// Why the crate answers a request itself, instead of its handler.
///
/// Layers around a route find it in the extensions of each such answer; [`AnswerLayer`] hands it to
/// you. Answers of axum's own extractors, such as `Json`, have no cause.
///
/// [`AnswerLayer`]: crate::extract::AnswerLayer
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The request has no key that may call the route.
    Refused(Rejection),
    /// An argument cannot be read from the path, the query string or the params of a call.
    #[non_exhaustive]
    InvalidArgument {
        /// Its name; `None` if the path is not UTF-8.
        name: Option<&'static str>,
        /// What is wrong, in English; it has the name.
        detail: String,
    },
    /// The body of a route with `type = "jsonrpc"` is not a call.
    #[non_exhaustive]
    InvalidCall {
        /// What is wrong, in English.
        detail: &'static str,
    },
    /// A browser asks whether a page of another origin may call the route.
    Preflight,
    /// The program has a mistake; the log says which.
    ServerError,
}

impl Cause {
    /// Puts the cause into the extensions of the answer, for the layers around.
    pub(crate) fn of(self, mut answer: Response) -> Response {
        answer.extensions_mut().insert(self);
        answer
    }
}
