//! The exceptions that a controller of Odoo's raises, as its clients know them.

#[cfg(feature = "openapi")]
use std::collections::BTreeMap;
use std::{borrow::Cow, error::Error, fmt};

use axum::{
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;
#[cfg(feature = "openapi")]
use utoipa::openapi::{self, Content, Object, RefOr, ResponseBuilder, Type};

use crate::{rejection::ODOO_SERVER_ERROR, route::jsonrpc::JsonRpcError};

/// Any of Odoo's and Werkzeug's exceptions, for a handler that raises several kinds: `?` makes one of
/// each type of this module.
///
/// As the answer of an http route it is the page that Odoo 16 to 18 show: the status and the text.
/// As the error of a route with `type = "jsonrpc"` it is in the envelope, by its name in Python.
///
/// ```
/// use auth_api_key::{odoo::{Exception, MissingError, UserError}, route};
///
/// #[route("/order/{id}", auth = "api_key")]
/// async fn order(id: i64) -> Result<String, Exception> {
///     if id < 0 {
///         Err(UserError::new("an order has a positive number"))?;
///     }
///     Err(MissingError::new(format!("there is no order {id}")))?
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Exception(Box<Raised>);

#[derive(Clone, Debug)]
struct Raised {
    /// Its name in Python, with the module.
    name: Cow<'static, str>,
    /// The page's status.
    status: StatusCode,
    headers: HeaderMap,
    /// The page's text; `None` hides it.
    page: Option<String>,
    /// The envelope's code.
    code: i64,
    message: &'static str,
    text: String,
    arguments: Vec<Value>,
}

impl Exception {
    /// Any other exception, by its name in Python with its module, such as `builtins.ValueError`. On
    /// a route of `type = "jsonrpc"` clients see the text, as in Odoo; on an http route it goes to
    /// the log, and the answer is 500.
    pub fn other(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self(Box::new(Raised {
            name: name.into(),
            status: StatusCode::INTERNAL_SERVER_ERROR,
            headers: HeaderMap::new(),
            page: None,
            code: 200,
            message: ODOO_SERVER_ERROR,
            arguments: vec![text.as_str().into()],
            text,
        }))
    }

    /// The status on an http route, if it differs from that of Odoo 16 to 18. Odoo 19 answers
    /// 422 for [`UserError`] and [`ValidationError`], and 404 for [`MissingError`].
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// Another header of the answer on an http route, such as `Allow` with [`MethodNotAllowed`].
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// One of `odoo.exceptions`.
    fn of_odoo(name: &'static str, status: u16, text: String) -> Self {
        let mut exception = Self::other(name, text);
        exception.0.page = Some(exception.0.text.clone());
        exception.with_status(known(status))
    }

    /// One of `werkzeug.exceptions`.
    fn of_http(name: &'static str, status: u16, description: String) -> Self {
        let text = format!("{status} {}: {description}", phrase(status));
        let mut exception = Self::other(name, text).with_status(known(status));
        exception.0.page = Some(description);
        exception.0.arguments.clear();
        if status == 404 {
            exception.0.code = 404;
            exception.0.message = "404: Not Found";
        }
        exception
    }
}

fn known(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What Werkzeug calls a status.
fn phrase(status: u16) -> &'static str {
    match status {
        413 => "Request Entity Too Large",
        414 => "Request URI Too Long",
        416 => "Requested Range Not Satisfiable",
        status => known(status).canonical_reason().unwrap_or_default(),
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl Error for Exception {}

impl JsonRpcError for Exception {
    fn code(&self) -> i64 {
        self.0.code
    }

    fn message(&self) -> &str {
        self.0.message
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn arguments(&self) -> Vec<Value> {
        self.0.arguments.clone()
    }
}

impl IntoResponse for Exception {
    fn into_response(self) -> Response {
        let Raised {
            name,
            status,
            headers,
            page,
            text,
            ..
        } = *self.0;
        let page = page.unwrap_or_else(|| {
            tracing::error!(exception = %name, %text, "a handler failed");
            INTERNAL_SERVER_ERROR.to_owned()
        });
        let title = phrase(status.as_u16());
        let page = escaped(&page);
        let page = format!(
            "<!doctype html>\n<html lang=en>\n<title>{} {title}</title>\n<h1>{title}</h1>\n\
             <p>{page}</p>\n",
            status.as_u16()
        );
        let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
        (status, kind, headers, page).into_response()
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("<br>"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// What documents say of a page.
#[cfg(feature = "openapi")]
fn described(status: u16) -> BTreeMap<String, RefOr<openapi::Response>> {
    let page = ResponseBuilder::new().description(phrase(status)).content(
        "text/html",
        Content::new(Some(Object::with_type(Type::String))),
    );
    BTreeMap::from([(status.to_string(), page.build().into())])
}

/// What all types of exceptions have.
macro_rules! exception {
    ($(#[$doc:meta])* $name:ident $status:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Exception);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Error for $name {}

        impl From<$name> for Exception {
            fn from(exception: $name) -> Self {
                exception.0
            }
        }

        impl IntoResponse for $name {
            fn into_response(self) -> Response {
                self.0.into_response()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
                described($status)
            }
        }

        impl JsonRpcError for $name {
            fn code(&self) -> i64 {
                self.0.code()
            }

            fn message(&self) -> &str {
                self.0.message()
            }

            fn name(&self) -> &str {
                self.0.name()
            }

            fn arguments(&self) -> Vec<Value> {
                self.0.arguments()
            }
        }
    };
}

/// Exceptions of `odoo.exceptions` that are a `UserError`: the status of the page.
macro_rules! of_odoo {
    ($($(#[$doc:meta])* $name:ident $status:literal)*) => {
        $(
            exception! {
                $(#[$doc])*
                #[doc = concat!("\n\n`odoo.exceptions.", stringify!($name), "`; on an http route the status is ", $status, ".")]
                $name $status
            }

            impl $name {
                /// With the text that clients see.
                pub fn new(text: impl Into<String>) -> Self {
                    let name = concat!("odoo.exceptions.", stringify!($name));
                    Self(Exception::of_odoo(name, $status, text.into()))
                }
            }
        )*
    };
}

of_odoo! {
    /// What a user asked for makes no sense at present.
    UserError 400
    /// A user may not read or write a record.
    AccessError 403
    /// A login or a key is wrong.
    AccessDenied 403
    /// A record is not there any more.
    MissingError 400
    /// A value breaks a constraint.
    ValidationError 400
    /// A record is locked by another transaction; since Odoo 19.
    LockError 409
}

impl Default for AccessDenied {
    /// With Odoo's text, `Access Denied`.
    fn default() -> Self {
        Self::new("Access Denied")
    }
}

/// Exceptions of `odoo.exceptions` whose text a page hides.
macro_rules! hidden {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $(
            exception! {
                $(#[$doc])*
                #[doc = concat!("\n\n`odoo.exceptions.", stringify!($name), "`; on an http route the status is 500, and the text goes to the log.")]
                $name 500
            }

            impl $name {
                /// With the text that clients of `type = "jsonrpc"` see.
                pub fn new(text: impl Into<String>) -> Self {
                    Self(Exception::other(
                        concat!("odoo.exceptions.", stringify!($name)),
                        text,
                    ))
                }
            }
        )*
    };
}

hidden! {
    /// A value is not in the cache of records.
    CacheMiss
    /// Two transactions are in each other's way; since Odoo 19.
    ConcurrencyError
}

exception! {
    /// A warning with a button that leads elsewhere.
    ///
    /// `odoo.exceptions.RedirectWarning`; on an http route the status is 500, and the text goes to
    /// the log.
    RedirectWarning 500
}

impl RedirectWarning {
    /// With the text, the action that the button leads to, and what the button says.
    pub fn new(
        text: impl Into<String>,
        action: impl Into<Value>,
        button: impl Into<String>,
    ) -> Self {
        let arguments = vec![
            text.into().into(),
            action.into(),
            button.into().into(),
            Value::Null,
        ];
        let texts = arguments.iter().map(|argument| match argument {
            Value::String(text) => text.clone(),
            Value::Null => "None".to_owned(),
            other => other.to_string(),
        });
        let text = texts.collect::<Vec<_>>().join("\n");
        let mut exception = Exception::other("odoo.exceptions.RedirectWarning", text);
        exception.0.arguments = arguments;
        Self(exception)
    }
}

exception! {
    /// There is no session, or it is over.
    ///
    /// `odoo.http.SessionExpiredException`; in the envelope its code is 100, and on an http route it
    /// redirects to `/web/login`.
    SessionExpiredException 303
}

impl SessionExpiredException {
    /// With the text that clients of `type = "jsonrpc"` see.
    pub fn new(text: impl Into<String>) -> Self {
        let mut exception = Exception::other("odoo.http.SessionExpiredException", text)
            .with_status(StatusCode::SEE_OTHER)
            .with_header(LOCATION, HeaderValue::from_static("/web/login"));
        exception.0.page = Some("Go to /web/login".to_owned());
        exception.0.code = 100;
        exception.0.message = "Odoo Session Expired";
        Self(exception)
    }
}

/// Exceptions of `werkzeug.exceptions`: the status, and the default text.
macro_rules! of_http {
    ($($name:ident $status:literal $description:expr;)*) => {
        $(
            exception! {
                #[doc = concat!("The status ", $status, ": `werkzeug.exceptions.", stringify!($name), "`.")]
                $name $status
            }

            impl $name {
                /// With your own text.
                pub fn new(description: impl Into<String>) -> Self {
                    let name = concat!("werkzeug.exceptions.", stringify!($name));
                    Self(Exception::of_http(name, $status, description.into()))
                }
            }

            impl Default for $name {
                /// With Werkzeug's text.
                fn default() -> Self {
                    Self::new($description)
                }
            }
        )*
    };
}

exception! {
    /// A value is missing in a form or a query string.
    ///
    /// `werkzeug.exceptions.BadRequestKeyError`; on an http route the status is 400.
    BadRequestKeyError 400
}

impl BadRequestKeyError {
    /// With the name of the value.
    pub fn new(key: impl Into<String>) -> Self {
        let mut exception =
            Exception::other("werkzeug.exceptions.BadRequestKeyError", key).with_status(known(400));
        exception.0.page = Some(BAD_REQUEST.to_owned());
        Self(exception)
    }
}

const BAD_REQUEST: &str =
    "The browser (or proxy) sent a request that this server could not understand.";
const INTERNAL_SERVER_ERROR: &str = "The server encountered an internal error and was unable to \
     complete your request. Either the server is overloaded or there is an error in the application.";

of_http! {
    BadRequest 400 BAD_REQUEST;
    ClientDisconnected 400 BAD_REQUEST;
    SecurityError 400 BAD_REQUEST;
    BadHost 400 BAD_REQUEST;
    Unauthorized 401 "The server could not verify that you are authorized to access the URL \
        requested. You either supplied the wrong credentials (e.g. a bad password), or your browser \
        doesn't understand how to supply the credentials required.";
    Forbidden 403 "You don't have the permission to access the requested resource. It is either \
        read-protected or not readable by the server.";
    NotFound 404 "The requested URL was not found on the server. If you entered the URL manually \
        please check your spelling and try again.";
    MethodNotAllowed 405 "The method is not allowed for the requested URL.";
    NotAcceptable 406 "The resource identified by the request is only capable of generating response \
        entities which have content characteristics not acceptable according to the accept headers \
        sent in the request.";
    RequestTimeout 408 "The server closed the network connection because the browser didn't finish \
        the request within the specified time.";
    Conflict 409 "A conflict happened while processing the request. The resource might have been \
        modified while the request was being processed.";
    Gone 410 "The requested URL is no longer available on this server and there is no forwarding \
        address. If you followed a link from a foreign page, please contact the author of this page.";
    LengthRequired 411 "A request with this method requires a valid <code>Content-Length</code> \
        header.";
    PreconditionFailed 412 "The precondition on the request for the URL failed positive evaluation.";
    RequestEntityTooLarge 413 "The data value transmitted exceeds the capacity limit.";
    RequestURITooLarge 414 "The length of the requested URL exceeds the capacity limit for this \
        server. The request cannot be processed.";
    UnsupportedMediaType 415 "The server does not support the media type transmitted in the request.";
    RequestedRangeNotSatisfiable 416 "The server cannot provide the requested range.";
    ExpectationFailed 417 "The server could not meet the requirements of the Expect header";
    ImATeapot 418 "This server is a teapot, not a coffee machine";
    MisdirectedRequest 421 "The server is not able to produce a response.";
    UnprocessableEntity 422 "The request was well-formed but was unable to be followed due to \
        semantic errors.";
    Locked 423 "The resource that is being accessed is locked.";
    FailedDependency 424 "The method could not be performed on the resource because the requested \
        action depended on another action and that action failed.";
    PreconditionRequired 428 "This request is required to be conditional; try using \"If-Match\" or \
        \"If-Unmodified-Since\".";
    TooManyRequests 429 "This user has exceeded an allotted request count. Try again later.";
    RequestHeaderFieldsTooLarge 431 "One or more header fields exceeds the maximum size.";
    UnavailableForLegalReasons 451 "Unavailable for legal reasons.";
    InternalServerError 500 INTERNAL_SERVER_ERROR;
    NotImplemented 501 "The server does not support the action requested by the browser.";
    BadGateway 502 "The proxy server received an invalid response from an upstream server.";
    ServiceUnavailable 503 "The server is temporarily unable to service your request due to \
        maintenance downtime or capacity problems. Please try again later.";
    GatewayTimeout 504 "The connection to an upstream server timed out.";
    HTTPVersionNotSupported 505 "The server does not support the HTTP protocol version used in the \
        request.";
}
