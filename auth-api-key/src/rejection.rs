//! Why a request is refused, and the HTTP answer for it.

use std::{fmt, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{ApiKey, Error};

/// Why a request is refused.
///
/// The log has the exact reason. What the caller is told is coarser: everything that is wrong with
/// a key gets the same answer, so that nobody learns whether a guessed key exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// No key was sent, or an empty one.
    MissingKey,
    /// More than one key was sent.
    SentTwice,
    /// No key has the text that was sent.
    UnknownKey,
    /// The key is archived.
    ArchivedKey,
    /// The key's time is over.
    ExpiredKey,
    /// The key's user is archived.
    ArchivedUser,
    /// The key is in none of the groups that the route asks for.
    ForbiddenGroup,
    /// The key may not be used from the network of the caller.
    ForbiddenNetwork,
    /// The key has networks, and the server does not know the caller's address: serve the router by
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    UnknownNetwork,
    /// The key store could not be asked.
    Unavailable,
}

/// What the caller is told: status, code and explanation; and by which exception Odoo says so.
struct Told {
    status: StatusCode,
    code: &'static str,
    detail: &'static str,
    exception: &'static Exception,
}

/// An exception of Odoo's, with the text that its clients know.
struct Exception {
    name: &'static str,
    text: &'static str,
    arguments: &'static [&'static str],
}

const UNAUTHORIZED: Exception = Exception {
    name: "werkzeug.exceptions.Unauthorized",
    text: "401 Unauthorized: The server could not verify that you are authorized to access the URL \
           requested. You either supplied the wrong credentials (e.g. a bad password), or your \
           browser doesn't understand how to supply the credentials required.",
    arguments: &[],
};
const ACCESS_DENIED: Exception = Exception {
    name: "odoo.exceptions.AccessDenied",
    text: "Access Denied",
    arguments: &["Access Denied"],
};
const SERVICE_UNAVAILABLE: Exception = Exception {
    name: "werkzeug.exceptions.ServiceUnavailable",
    text: "503 Service Unavailable: API keys cannot be checked at the moment.",
    arguments: &[],
};

const TOLD: [Told; 5] = [
    Told {
        status: StatusCode::UNAUTHORIZED,
        code: "missing_api_key",
        detail: "This resource asks for an API key.",
        exception: &UNAUTHORIZED,
    },
    Told {
        status: StatusCode::UNAUTHORIZED,
        code: "invalid_api_key",
        detail: "The API key is not valid.",
        exception: &ACCESS_DENIED,
    },
    Told {
        status: StatusCode::FORBIDDEN,
        code: "forbidden_group",
        detail: "The API key is valid, but not for this resource.",
        exception: &ACCESS_DENIED,
    },
    Told {
        status: StatusCode::FORBIDDEN,
        code: "forbidden_network",
        detail: "The API key is valid, but not from this network.",
        exception: &ACCESS_DENIED,
    },
    Told {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "unavailable",
        detail: "API keys cannot be checked at the moment.",
        exception: &SERVICE_UNAVAILABLE,
    },
];

impl Told {
    fn status_in(&self, style: AnswerStyle) -> StatusCode {
        match (style, self.code) {
            (AnswerStyle::Odoo, "invalid_api_key")
            | (AnswerStyle::OdooBefore2024, "invalid_api_key" | "missing_api_key") => {
                StatusCode::FORBIDDEN
            }
            _ => self.status,
        }
    }
}

impl Reason {
    /// Every reason, and what metrics call it.
    #[cfg(feature = "metrics")]
    pub(crate) const LABELS: [(Self, &str); 10] = [
        (Self::MissingKey, "missing_key"),
        (Self::SentTwice, "sent_twice"),
        (Self::UnknownKey, "unknown_key"),
        (Self::ArchivedKey, "archived_key"),
        (Self::ExpiredKey, "expired_key"),
        (Self::ArchivedUser, "archived_user"),
        (Self::ForbiddenGroup, "forbidden_group"),
        (Self::ForbiddenNetwork, "forbidden_network"),
        (Self::UnknownNetwork, "unknown_network"),
        (Self::Unavailable, "unavailable"),
    ];

    fn told(self) -> usize {
        match self {
            Self::MissingKey => 0,
            Self::SentTwice
            | Self::UnknownKey
            | Self::ArchivedKey
            | Self::ExpiredKey
            | Self::ArchivedUser => 1,
            Self::ForbiddenGroup => 2,
            Self::ForbiddenNetwork | Self::UnknownNetwork => 3,
            Self::Unavailable => 4,
        }
    }

    /// The `code` of the answer, such as `invalid_api_key`.
    pub fn code(self) -> &'static str {
        TOLD[self.told()].code
    }

    /// The status of the answer, unless [`Builder::answers`](crate::Builder::answers) says
    /// otherwise.
    pub fn status(self) -> StatusCode {
        TOLD[self.told()].status
    }
}

/// How requests are answered that are not let through: see
/// [`Builder::answers`](crate::Builder::answers).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerStyle {
    /// As in the table of the [crate's documentation](crate#answers).
    #[default]
    Standard,
    /// As Odoo, for callers that were written for it:
    ///
    /// - A wrong key is a 403; no key is a 401, without `WWW-Authenticate`.
    /// - On a route of `type = "jsonrpc"` the status is 200, and the texts are Odoo's, too.
    /// - A route that is `"public"` ignores keys, the right ones too: its key is always `None`.
    /// - What the path of a guarded or public route captures, and its argument cannot be read
    ///   from, is a 404.
    ///
    /// Bodies stay problem documents with the same `code`: Odoo sends a page for people.
    Odoo,
    /// As Odoo was before 2024: no key is a 403, too.
    OdooBefore2024,
}

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
    answers: Arc<Answers>,
}

impl Rejection {
    pub(crate) fn new(reason: Reason, key: Option<ApiKey>, answers: Arc<Answers>) -> Self {
        Self {
            reason,
            key,
            answers,
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
        f.write_str(TOLD[self.reason.told()].detail)
    }
}

impl std::error::Error for Rejection {}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let answer = self.answers.standard(self.reason);
        self.answer(answer)
    }
}

impl Rejection {
    /// On a route of `type = "jsonrpc"`.
    pub(crate) fn into_jsonrpc(self) -> Response {
        let answer = self.answers.jsonrpc(self.reason);
        self.answer(answer)
    }

    fn answer(&self, standard: Response) -> Response {
        let mut answer = match &self.answers.hook {
            Some(hook) => hook(self, standard),
            None => standard,
        };
        self.answers
            .keep_apart(&mut answer, const { HeaderValue::from_static("no-store") });
        answer
    }
}

pub(crate) type Hook = Box<dyn Fn(&Rejection, Response) -> Response + Send + Sync>;

/// The answers of one authenticator, made once.
pub(crate) struct Answers {
    style: AnswerStyle,
    bodies: [Bytes; 5],
    envelopes: [Bytes; 5],
    challenges: Vec<HeaderValue>,
    vary: HeaderValue,
    hook: Option<Hook>,
}

impl Answers {
    pub(crate) fn new(
        style: AnswerStyle,
        header: &HeaderName,
        bearer: bool,
        realm: &str,
        hook: Option<Hook>,
    ) -> Result<Self, Error> {
        let sent = header.as_str().to_ascii_uppercase();
        let challenge = |text: String| {
            // Inside quotes, `"` and `\` would end or escape something.
            Some(text)
                .filter(|_| !realm.contains(['"', '\\']))
                .and_then(|text| HeaderValue::from_str(&text).ok())
                .ok_or_else(|| Error::InvalidRealm {
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
            bodies: TOLD.map(|told| problem_json(told.status_in(style), told.code, told.detail)),
            envelopes: TOLD.map(|told| {
                let Exception {
                    name,
                    text,
                    arguments,
                } = *told.exception;
                let (text, arguments) = match style {
                    AnswerStyle::Standard => (told.detail, &[told.detail][..]),
                    AnswerStyle::Odoo | AnswerStyle::OdooBefore2024 => (text, arguments),
                };
                let arguments = arguments.iter().map(|text| Value::from(*text)).collect();
                jsonrpc_error(&Value::Null, 200, ODOO_SERVER_ERROR, name, text, arguments).into()
            }),
            challenges,
            vary: match bearer {
                true => HeaderValue::from_str(&format!("{header}, {AUTHORIZATION}"))
                    .unwrap_or(HeaderValue::from_static("*")),
                false => HeaderValue::from_name(header.clone()),
            },
            hook,
        })
    }

    /// Whether answers are as Odoo's.
    pub(crate) fn is_odoo(&self) -> bool {
        self.style != AnswerStyle::Standard
    }

    fn standard(&self, reason: Reason) -> Response {
        let status = TOLD[reason.told()].status_in(self.style);
        let response = problem(status, self.bodies[reason.told()].clone());
        self.with_headers(status, response)
    }

    /// Odoo's envelope, without the `id` of a call that was not read. In Odoo's style its status
    /// is 200, too.
    fn jsonrpc(&self, reason: Reason) -> Response {
        let body = self.envelopes[reason.told()].clone();
        let status = match self.is_odoo() {
            true => StatusCode::OK,
            false => reason.status(),
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

    /// Keeps shared caches from handing one caller's answer to another: `Cache-Control`, unless it
    /// is set already, and `Vary`.
    fn keep_apart(&self, response: &mut Response, control: HeaderValue) {
        let headers = response.headers_mut();
        headers.entry(CACHE_CONTROL).or_insert(control);
        headers.append(VARY, self.vary.clone());
    }

    /// See [`keep_apart`](Self::keep_apart); for an answer that was let through.
    pub(crate) fn keep_private(&self, response: &mut Response) {
        self.keep_apart(response, const { HeaderValue::from_static("private") });
    }
}

/// A problem document (RFC 9457) with a `code` for programs.
fn problem_json(status: StatusCode, code: &str, detail: &str) -> Bytes {
    let title = status.canonical_reason();
    let status = status.as_u16();
    let document = json!({"title": title, "status": status, "code": code, "detail": detail});
    document.to_string().into()
}

fn problem(status: StatusCode, body: Bytes) -> Response {
    uncached(status, "application/problem+json", body)
}

fn uncached(status: StatusCode, content_type: &'static str, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        CACHE_CONTROL,
        const { HeaderValue::from_static("no-store") },
    );
    response
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const ODOO_SERVER_ERROR: &str = "Odoo Server Error";

/// Odoo's JSON-RPC 2.0 envelope with an error; `debug`, where Odoo puts a traceback, is empty.
pub(crate) fn jsonrpc_error(
    id: &Value,
    code: i64,
    message: &str,
    name: &str,
    text: &str,
    arguments: Vec<Value>,
) -> String {
    let data = json!({
        "name": name,
        "debug": "",
        "message": text,
        "arguments": arguments,
        "context": {},
    });
    let error = json!({"code": code, "message": message, "data": data});
    json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string()
}

/// The answer to a request with an argument that cannot be read.
pub(crate) fn invalid_argument(status: StatusCode, detail: &str) -> Response {
    problem(status, problem_json(status, "invalid_argument", detail))
}
