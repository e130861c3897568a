//! A request that was refused.

use std::{fmt, sync::Arc};

use axum::response::{IntoResponse, Response};

use super::{answers::Answers, reason::Reason};
use crate::key::ApiKey;

/// A request that was refused; as a response, the answer in the table of the
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
    answering: Arc<Answering>,
}

/// How one authenticator answers, with what its user changes of it.
pub(crate) struct Answering {
    pub(crate) answers: Answers,
    pub(crate) hook: Option<Hook>,
}

pub(crate) type Hook = Box<dyn Fn(&Rejection, Response) -> Response + Send + Sync>;

impl Rejection {
    pub(crate) fn new(reason: Reason, key: Option<ApiKey>, answering: Arc<Answering>) -> Self {
        Self {
            reason,
            key,
            answering,
        }
    }

    /// Why the request was refused.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The key that was sent, where there is one with that text.
    pub fn key(&self) -> Option<&ApiKey> {
        self.key.as_ref()
    }

    /// On a route of `type = "jsonrpc"`.
    pub(crate) fn into_jsonrpc(self) -> Response {
        let answer = self.answering.answers.envelope(self.reason);
        self.answer(answer)
    }

    fn answer(&self, standard: Response) -> Response {
        let Answering { answers, hook } = &*self.answering;
        let mut answer = match hook {
            Some(hook) => hook(self, standard),
            None => standard,
        };
        answers.keep_uncached(&mut answer);
        answer
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let answer = self.answering.answers.problem(self.reason);
        self.answer(answer)
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
