//! The responses to refused requests, as one authenticator is set to give them.

use axum::{
    body::Bytes,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
    },
    response::Response,
};
use serde_json::Value;

use super::{
    jsonrpc::{JSON, ODOO_SERVER_ERROR, jsonrpc_error},
    odoo::{Exception, exception},
    problem::{problem, problem_json, uncached},
    reason::{Case, Reason},
};
use crate::error::InputError;

/// How refused requests are answered: see
/// [`Builder::answers`](crate::Builder::answers).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerStyle {
    /// As in the table of the [crate's documentation](crate#answers).
    #[default]
    Standard,
    /// As Odoo answers, for callers that were written for it:
    ///
    /// - A wrong key is a 403; no key is a 401, without `WWW-Authenticate`.
    /// - On a route of `type = "jsonrpc"` the status is 200, and the texts are Odoo's, too.
    /// - A route that is `"public"` ignores keys, also valid ones: its key is always `None`.
    /// - On a guarded or public route, an argument that cannot be read from the path is a 404.
    ///
    /// The answers are still problem documents with the same `code`, where Odoo sends a page for people.
    Odoo,
    /// As [`Odoo`](Self::Odoo), but no key is a 403, too. `auth_api_key` answers in this way for Odoo 14 and 15,
    /// and for Odoo 16 to 18 until June 2025.
    OdooAlways403,
}

/// The answers of one authenticator, rendered once.
pub(crate) struct Answers {
    style: AnswerStyle,
    /// By `Case as usize`.
    problems: [Bytes; Case::ALL.len()],
    /// By `Case as usize`.
    envelopes: [Bytes; Case::ALL.len()],
    challenges: Vec<HeaderValue>,
    vary: HeaderValue,
}

impl Answers {
    pub(crate) fn new(
        style: AnswerStyle,
        header: &HeaderName,
        bearer: bool,
        realm: &str,
    ) -> Result<Self, InputError> {
        let sent = header.as_str().to_ascii_uppercase();
        let challenge = |text: String| {
            // Inside quotes, `"` and `\` would end or escape something.
            Some(text)
                .filter(|_| !realm.contains(['"', '\\']))
                .and_then(|text| HeaderValue::from_str(&text).ok())
                .ok_or_else(|| InputError::InvalidRealm {
                    realm: realm.to_owned(),
                })
        };
        let mut challenges = vec![challenge(format!(
            "ApiKey realm=\"{realm}\", header=\"{sent}\""
        ))?];
        if bearer {
            challenges.push(challenge(format!("Bearer realm=\"{realm}\""))?);
        }
        if style != AnswerStyle::Standard {
            challenges.clear();
        }
        Ok(Self {
            style,
            problems: Case::ALL
                .map(|case| problem_json(style.status(case), case.code(), case.detail())),
            envelopes: Case::ALL.map(|case| style.envelope(case)),
            challenges,
            vary: match bearer {
                true => HeaderValue::from_str(&format!("{header}, {AUTHORIZATION}"))
                    .unwrap_or(HeaderValue::from_static("*")),
                false => HeaderValue::from_name(header.clone()),
            },
        })
    }

    /// Whether answers are as Odoo's.
    pub(crate) fn is_odoo(&self) -> bool {
        self.style != AnswerStyle::Standard
    }

    /// The status of a problem document.
    #[cfg(any(feature = "admin", feature = "openapi"))]
    pub(crate) fn status_of(&self, reason: Reason) -> StatusCode {
        self.style.status(reason.case())
    }

    /// A problem document.
    pub(super) fn problem(&self, reason: Reason) -> Response {
        let case = reason.case();
        let status = self.style.status(case);
        let response = problem(status, self.problems[case as usize].clone());
        self.with_headers(status, response)
    }

    /// Odoo's envelope, without the `id` of a call that was not read. In Odoo's style its status
    /// is 200, too.
    pub(super) fn envelope(&self, reason: Reason) -> Response {
        let case = reason.case();
        let body = self.envelopes[case as usize].clone();
        let status = match self.is_odoo() {
            true => StatusCode::OK,
            false => case.status(),
        };
        self.with_headers(status, uncached(status, JSON, body))
    }

    fn with_headers(&self, status: StatusCode, mut response: Response) -> Response {
        let headers = response.headers_mut();
        match status {
            StatusCode::UNAUTHORIZED => {
                for challenge in &self.challenges {
                    headers.append(WWW_AUTHENTICATE, challenge.clone());
                }
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }

    /// Keeps shared caches from handing one caller's refusal to another: `Cache-Control`, unless it
    /// is set already, and `Vary`.
    pub(super) fn keep_uncached(&self, response: &mut Response) {
        self.keep_apart(response, const { HeaderValue::from_static("no-store") });
    }

    /// The same for the answer of a handler.
    pub(crate) fn keep_private(&self, response: &mut Response) {
        self.keep_apart(response, const { HeaderValue::from_static("private") });
    }

    fn keep_apart(&self, response: &mut Response, control: HeaderValue) {
        let headers = response.headers_mut();
        // It takes less time than `entry`.
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, control);
        }
        headers.append(VARY, self.vary.clone());
    }
}

impl AnswerStyle {
    fn status(self, case: Case) -> StatusCode {
        match (self, case) {
            (Self::Odoo, Case::InvalidKey)
            | (Self::OdooAlways403, Case::InvalidKey | Case::MissingKey) => StatusCode::FORBIDDEN,
            _ => case.status(),
        }
    }

    fn envelope(self, case: Case) -> Bytes {
        let Exception {
            name,
            text,
            arguments,
        } = *exception(case);
        let (text, arguments) = match self {
            Self::Standard => (case.detail(), &[case.detail()][..]),
            Self::Odoo | Self::OdooAlways403 => (text, arguments),
        };
        let arguments = arguments.iter().map(|text| Value::from(*text)).collect();
        jsonrpc_error(&Value::Null, 200, ODOO_SERVER_ERROR, name, text, arguments).into()
    }
}
