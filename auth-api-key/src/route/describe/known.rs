//! The answers of types that are not the developer's: axum's rejections, and plain values.

use std::{borrow::Cow, convert::Infallible};

use axum::{
    extract::{
        multipart::MultipartRejection,
        rejection::{
            BytesRejection, ExtensionRejection, FormRejection, JsonRejection, PathRejection,
            QueryRejection, RawPathParamsRejection, StringRejection,
        },
    },
    response::{NoContent, Redirect},
};
use utoipa::openapi::{RefOr, Response};

use crate::rejection::Rejection;

/// One answer of a route.
#[derive(Clone)]
pub enum DocumentedAnswer {
    /// A text of axum: its status, when it comes, and its name in the document.
    Text(&'static str, &'static str, &'static str),
    /// An argument cannot be read.
    InvalidArgument,
    /// One without a body.
    Empty(&'static str, &'static str),
    /// As the developer describes it.
    Own(String, RefOr<Response>),
    /// The answers of a guard.
    Guard,
    /// Answers of this type that nobody knows.
    Opaque(String),
}

/// The answers of a route.
pub type DocumentedAnswers = Vec<DocumentedAnswer>;

/// A type whose answers are all known.
pub trait KnownAnswers {
    /// The answers.
    fn answers() -> DocumentedAnswers;
}

const UNREADABLE: DocumentedAnswer =
    DocumentedAnswer::Text("400", "The body cannot be read.", "UnreadableBody");
const TOO_LARGE: DocumentedAnswer =
    DocumentedAnswer::Text("413", "The body is too large.", "BodyTooLarge");
const WRONG_TYPE: DocumentedAnswer = DocumentedAnswer::Text(
    "415",
    "The body has another content type.",
    "UnsupportedContentType",
);
const OTHER_FIELDS: DocumentedAnswer =
    DocumentedAnswer::Text("422", "The body has other fields or values.", "InvalidBody");
const INVALID_QUERY: DocumentedAnswer =
    DocumentedAnswer::Text("400", "The query string cannot be read.", "InvalidQuery");
const INVALID_PATH: DocumentedAnswer =
    DocumentedAnswer::Text("400", "The path cannot be read.", "InvalidPath");
const MISSING: DocumentedAnswer = DocumentedAnswer::Text(
    "500",
    "The program lacks what the handler asks for.",
    "ServerError",
);
const TEXT: DocumentedAnswer = DocumentedAnswer::Text("200", "A text.", "Text");

/// How a form that is read by name is refused.
pub(crate) const FORM: [DocumentedAnswer; 3] =
    [DocumentedAnswer::InvalidArgument, UNREADABLE, TOO_LARGE];

macro_rules! known {
    ($($ty:ty: [$($answer:expr),*];)*) => {
        $(impl KnownAnswers for $ty {
            fn answers() -> DocumentedAnswers {
                vec![$($answer),*]
            }
        })*
    };
}

known! {
    Infallible: [];
    (): [DocumentedAnswer::Empty("200", "Done.")];
    NoContent: [DocumentedAnswer::Empty("204", "Done.")];
    Redirect: [DocumentedAnswer::Empty("3XX", "Another address has it.")];
    String: [TEXT];
    &'static str: [TEXT];
    Cow<'static, str>: [TEXT];
    JsonRejection: [UNREADABLE, TOO_LARGE, WRONG_TYPE, OTHER_FIELDS];
    FormRejection: [UNREADABLE, TOO_LARGE, WRONG_TYPE, OTHER_FIELDS];
    BytesRejection: [UNREADABLE, TOO_LARGE];
    StringRejection: [UNREADABLE, TOO_LARGE];
    MultipartRejection: [UNREADABLE];
    QueryRejection: [INVALID_QUERY];
    PathRejection: [INVALID_PATH];
    RawPathParamsRejection: [INVALID_PATH];
    ExtensionRejection: [MISSING];
    Rejection: [DocumentedAnswer::Guard];
}

#[cfg(feature = "odoo")]
impl KnownAnswers for crate::route::odoo::arguments::KwargsRejection {
    fn answers() -> DocumentedAnswers {
        FORM.to_vec()
    }
}
