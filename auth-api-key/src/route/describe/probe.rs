//! Finds out what a type is, where it is written. A method of [`Probe`] comes before that of a trait, and a
//! trait for `Probe` before one for `&Probe`, which holds for all types. So a type without a schema is not a
//! mistake.

use std::{borrow::Cow, convert::Infallible, marker::PhantomData};

use axum::{
    Form, Json,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Multipart, Path, Query, Request},
    http::{StatusCode, request::Parts, response},
    response::{Html, Response, Sse},
};
use utoipa::{
    IntoParams, IntoResponses, ToSchema,
    openapi::{
        path::{Parameter, ParameterIn},
        security::SecurityScheme,
    },
};

use super::{
    known::{DocumentedAnswer, DocumentedAnswers, KnownAnswers},
    schema::{Read, TypeInfo},
};
#[cfg(feature = "odoo")]
use crate::route::odoo::arguments::Kwargs;
use crate::route::{
    guard::AuthMethod,
    jsonrpc::{JsonRequest, Params},
};

/// A type in question, and what was found out on the way to it.
pub struct Probe<T> {
    read: Read,
    is_array: bool,
    is_optional: bool,
    has_any_status: bool,
    has_headers: bool,
    of: PhantomData<fn() -> T>,
}

/// A type of which nothing can be known.
pub enum Opaque {}

impl<T> Clone for Probe<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Probe<T> {}

impl<T> Probe<T> {
    /// Nothing is known yet.
    pub const NEW: Self = Self {
        read: Read::Unknown,
        is_array: false,
        is_optional: false,
        has_any_status: false,
        has_headers: false,
        of: PhantomData,
    };

    /// The same of another type.
    fn to<U>(self) -> Probe<U> {
        Probe {
            read: self.read,
            is_array: self.is_array,
            is_optional: self.is_optional,
            has_any_status: self.has_any_status,
            has_headers: self.has_headers,
            of: PhantomData,
        }
    }

    fn reading<U>(self, read: Read) -> Probe<U> {
        Probe { read, ..self.to() }
    }

    fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }

    fn known(self, of: TypeInfo) -> TypeInfo {
        let of = match self.is_array {
            true => of.in_array(),
            false => of,
        };
        TypeInfo {
            read: self.read,
            is_optional: self.is_optional,
            has_any_status: self.has_any_status,
            ..of
        }
    }
}

// What an extractor reads, or an answer writes.

const JSON: Read = Read::Content("application/json");
const TEXT: &str = "text/plain";
const BYTES: Read = Read::Content("application/octet-stream");
const ANYTHING: Read = Read::Content("*/*");

macro_rules! reading {
    ($([$($parameter:ident)?] $ty:ty => $to:ty: $read:expr;)*) => {
        $(impl<$($parameter)?> Probe<$ty> {
            /// What it reads or writes.
            pub fn read(self) -> Probe<$to> {
                self.reading($read)
            }
        })*
    };
}

reading! {
    [T] Json<T> => T: JSON;
    [T] Form<T> => T: Read::Form;
    [T] Query<T> => T: Read::Query;
    [T] Path<T> => T: Read::Nothing;
    [T] Params<T> => T: Read::Nothing;
    [T] JsonRequest<T> => T: JSON;
    [] Multipart => Multipart: Read::Content("multipart/form-data");
    [] Bytes => Opaque: BYTES;
    [] Body => Opaque: ANYTHING;
    [] Request => Opaque: ANYTHING;
    [T] Html<T> => String: Read::Content("text/html");
    [T] Sse<T> => String: Read::Content("text/event-stream");
}

#[cfg(feature = "odoo")]
reading! {
    [T] Kwargs<T> => T: Read::Kwargs;
}

macro_rules! texts {
    ($($ty:ty => $to:ty: $read:expr;)*) => {
        $(impl Probe<$ty> {
            /// What it reads or writes; headers may say something else.
            pub fn read(self) -> Probe<$to> {
                let read = if self.has_headers { ANYTHING } else { $read };
                self.reading(read)
            }
        })*
    };
}

texts! {
    String => String: Read::Content(TEXT);
    &'static str => String: Read::Content(TEXT);
    Cow<'static, str> => String: Read::Content(TEXT);
    Vec<u8> => Opaque: BYTES;
}

impl<T> Probe<Option<Json<T>>> {
    /// What it reads.
    pub fn read(self) -> Probe<T> {
        self.optional().reading(JSON)
    }
}

impl<T, E> Probe<Result<Json<T>, E>> {
    /// What it reads.
    pub fn read(self) -> Probe<T> {
        self.reading(JSON)
    }
}

/// See [`Probe::read`]. What axum and this crate have reads nothing else that a document names.
pub trait AnyExtractor<T> {
    /// What it reads.
    fn read(self) -> Probe<T>;
}

impl<T> AnyExtractor<T> for &Probe<T> {
    fn read(self) -> Probe<T> {
        let name = std::any::type_name::<T>();
        let name = name.strip_prefix("core::option::Option<").unwrap_or(name);
        let ours = ["axum::", "axum_core::", "http::", "auth_api_key::"];
        match ours.iter().any(|start| name.starts_with(start)) {
            true => self.reading(Read::Nothing),
            false => *self,
        }
    }
}

// Several of a type.

impl<T> Probe<Vec<T>> {
    /// The type of its elements.
    pub fn element(self) -> Probe<T> {
        let mut probe = self.to();
        probe.is_array = true;
        probe
    }
}

/// See [`Probe::element`].
pub trait AnyElement<T> {
    /// The type itself.
    fn element(self) -> Probe<T>;
}

impl<T> AnyElement<T> for &Probe<T> {
    fn element(self) -> Probe<T> {
        *self
    }
}

// Its schema.

impl<T: ToSchema> Probe<T> {
    /// The schema.
    pub fn schema(self) -> TypeInfo {
        self.known(TypeInfo::with_schema::<T>())
    }
}

/// See [`Probe::schema`].
pub trait AnySchema {
    /// The schema of a type that has none, or is known by its name.
    fn schema(self) -> TypeInfo;
}

impl<T> AnySchema for &Probe<T> {
    fn schema(self) -> TypeInfo {
        self.known(TypeInfo::by_name::<T>())
    }
}

// Its parameters.

impl<T: IntoParams> Probe<T> {
    /// The parameters, in the query string unless the type says otherwise.
    pub fn parameters(self) -> Option<Vec<Parameter>> {
        Some(T::into_params(|| Some(ParameterIn::Query)))
    }
}

/// See [`Probe::parameters`].
pub trait AnyParameters {
    /// Not known.
    fn parameters(self) -> Option<Vec<Parameter>>;
}

impl<T> AnyParameters for &Probe<T> {
    fn parameters(self) -> Option<Vec<Parameter>> {
        None
    }
}

// What an extractor refuses with.

impl<T: FromRequestParts<S>, S: Send + Sync> Probe<(T, S)> {
    /// The type of its rejection.
    pub fn rejection(self) -> Probe<T::Rejection> {
        Probe::NEW
    }
}

/// See [`Probe::rejection`].
pub trait OfTheBody {
    /// The type of its rejection.
    type Rejection;

    /// The type of its rejection.
    fn rejection(self) -> Probe<Self::Rejection>;
}

impl<T: FromRequest<S>, S: Send + Sync> OfTheBody for Probe<(T, S)> {
    type Rejection = T::Rejection;

    fn rejection(self) -> Probe<T::Rejection> {
        Probe::NEW
    }
}

/// See [`Probe::rejection`].
pub trait AnyRejection {
    /// It needs another state.
    fn rejection(self) -> Probe<Opaque>;
}

impl<T> AnyRejection for &Probe<T> {
    fn rejection(self) -> Probe<Opaque> {
        Probe::NEW
    }
}

// What an own method of authentication says: without it there is an error already.

impl<T: AuthMethod> Probe<T> {
    /// The scheme that it names.
    pub fn scheme(self) -> Option<(&'static str, SecurityScheme)> {
        T::scheme()
    }

    /// The type of its rejection.
    pub fn refusal(self) -> Probe<T::Rejection> {
        self.to()
    }
}

/// See [`Probe::scheme`] and [`Probe::refusal`].
pub trait AnyMethod {
    /// Not known.
    fn scheme(self) -> Option<(&'static str, SecurityScheme)>;

    /// Not known.
    fn refusal(self) -> Probe<Opaque>;
}

impl<T> AnyMethod for &Probe<T> {
    fn scheme(self) -> Option<(&'static str, SecurityScheme)> {
        None
    }

    fn refusal(self) -> Probe<Opaque> {
        Probe::NEW
    }
}

// The two sides of a `Result`.

impl<T, E> Probe<Result<T, E>> {
    /// The type of a success.
    pub fn success(self) -> Probe<T> {
        self.to()
    }

    /// The type of a failure.
    pub fn failure(self) -> Probe<E> {
        self.to()
    }
}

/// See [`Probe::success`].
pub trait AnySuccess<T> {
    /// The type itself.
    fn success(self) -> Probe<T>;
}

impl<T> AnySuccess<T> for &Probe<T> {
    fn success(self) -> Probe<T> {
        *self
    }
}

/// See [`Probe::failure`].
pub trait AnyFailure {
    /// There is none.
    fn failure(self) -> Probe<Infallible>;
}

impl<T> AnyFailure for &Probe<T> {
    fn failure(self) -> Probe<Infallible> {
        Probe::NEW
    }
}

// A tuple: a status or headers, and an answer.

impl<T> Probe<T> {
    fn after<A, U>(self) -> Probe<U> {
        let name = std::any::type_name::<A>();
        let with_status = [
            std::any::type_name::<StatusCode>(),
            std::any::type_name::<Response>(),
            std::any::type_name::<response::Parts>(),
            std::any::type_name::<Parts>(),
        ];
        let has_status = with_status.contains(&name);
        Probe {
            has_any_status: self.has_any_status || has_status,
            has_headers: self.has_headers || !has_status,
            ..self.to()
        }
    }
}

impl<A, T> Probe<(A, T)> {
    /// The type of the answer's body.
    pub fn rest(self) -> Probe<T> {
        self.after::<A, T>()
    }
}

impl<A, B, T> Probe<(A, B, T)> {
    /// The type of the answer's body.
    pub fn rest(self) -> Probe<T> {
        self.after::<A, T>().after::<B, T>()
    }
}

impl<A, B, C, T> Probe<(A, B, C, T)> {
    /// The type of the answer's body.
    pub fn rest(self) -> Probe<T> {
        self.after::<A, T>().after::<B, T>().after::<C, T>()
    }
}

/// See [`Probe::rest`].
pub trait AnyRest<T> {
    /// The type itself.
    fn rest(self) -> Probe<T>;
}

impl<T> AnyRest<T> for &Probe<T> {
    fn rest(self) -> Probe<T> {
        *self
    }
}

// Its answers.

impl<T: KnownAnswers> Probe<T> {
    /// The answers.
    pub fn answers(self) -> DocumentedAnswers {
        match self.has_any_status {
            true => vec![DocumentedAnswer::Opaque("`StatusCode`".to_owned())],
            false => T::answers(),
        }
    }
}

/// See [`Probe::answers`].
pub trait DevelopersAnswer {
    /// Those that the developer's type says.
    fn answers(self) -> DocumentedAnswers;
}

impl<T: IntoResponses> DevelopersAnswer for Probe<T> {
    fn answers(self) -> DocumentedAnswers {
        let answers = T::responses().into_iter();
        answers
            .map(|(status, response)| DocumentedAnswer::Own(status, response))
            .collect()
    }
}

/// See [`Probe::answers`].
pub trait AnyAnswer {
    /// Not known.
    fn answers(self) -> DocumentedAnswers;
}

impl<T> AnyAnswer for &Probe<T> {
    fn answers(self) -> DocumentedAnswers {
        let name = match std::any::type_name::<T>() == std::any::type_name::<Opaque>() {
            true => "a type without a name".to_owned(),
            false => format!("`{}`", TypeInfo::by_name::<T>().type_name()),
        };
        vec![DocumentedAnswer::Opaque(name)]
    }
}
