//! What a route is: types, and nothing else.

use proc_macro2::{Group, Ident, Span, TokenStream};
use syn::{Expr, LitStr, Receiver, Signature, Type, Visibility};

use crate::attributes::Conditional;

/// What was given for something that may be left out.
#[derive(Clone)]
pub(crate) enum Given<T> {
    Absent,
    /// It was meant, and its mistake is reported already.
    Mistaken,
    Value(T),
}

/// The names of the options.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum OptionName {
    Auth,
    Methods,
    Groups,
    Kind,
    Cors,
    CorsHeaders,
    State,
    Crate,
}

/// An option as it was written.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) name: Ident,
    pub(crate) value: TokenStream,
}

/// What is in the parentheses of the attribute, unread.
pub(crate) struct Attribute {
    /// Values without a name: paths, or lists of paths.
    pub(crate) paths: Given<Vec<Expr>>,
    pub(crate) options: Vec<(OptionName, Given<Written>)>,
    /// Whether it is empty.
    pub(crate) is_blank: bool,
    /// The whole attribute, unless it is the one that is expanded.
    pub(crate) whole: Option<TokenStream>,
}

/// What the attribute says.
pub(crate) struct Options {
    pub(crate) paths: Given<Vec<Path>>,
    pub(crate) auth: Given<Auth>,
    pub(crate) methods: Given<Vec<String>>,
    /// Expressions of type `&'static str`.
    pub(crate) groups: Given<Vec<Expr>>,
    pub(crate) kind: Given<Kind>,
    /// `*`, or origins.
    pub(crate) cors: Given<Vec<LitStr>>,
    pub(crate) cors_headers: Given<Vec<LitStr>>,
    pub(crate) state: Given<Type>,
}

/// One path, taken apart.
#[derive(Clone)]
pub(crate) struct Path {
    pub(crate) literal: LitStr,
    /// The literal up to `?`.
    pub(crate) own: String,
    /// What axum is given.
    pub(crate) route: String,
    /// The route without the names of its captures: `/a/{}`, `/b/{*}`.
    pub(crate) shape: String,
    pub(crate) captures: Vec<String>,
    /// How many captures are its controller's; they come first.
    pub(crate) inherited: usize,
    pub(crate) query: Vec<String>,
}

/// Who may call.
#[derive(Clone)]
pub(crate) enum Auth {
    ApiKey,
    Public,
    None,
    Custom(Box<Type>),
}

/// How arguments come and answers go.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Http,
    /// As http, but names after `?` are also read from a form.
    Form,
    JsonRpc,
}

/// The decorated function. The macro does not read its body.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attributes: Vec<Conditional>,
    pub(crate) visibility: Visibility,
    /// Words before `fn` that have no place in a signature.
    pub(crate) qualifiers: Vec<Ident>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
    /// The type that stands for the route.
    pub(crate) marker: Ident,
    pub(crate) method: Option<Method>,
}

/// What else a method of a controller has.
#[derive(Clone)]
pub(crate) struct Method {
    /// The controller, and its name.
    pub(crate) of: Type,
    pub(crate) controller: String,
    /// Its `&self`, which is not among the inputs of the signature.
    pub(crate) receiver: Option<Receiver>,
    /// Where its `#[route]` is.
    pub(crate) place: Span,
}

/// An argument of the function, and where it comes from.
pub(crate) struct Argument {
    pub(crate) ty: Type,
    pub(crate) source: Source,
}

pub(crate) enum Source {
    /// The guard: who is calling.
    Guard,
    /// The capture of this name.
    Capture(String),
    /// The capture of this name, which some of the paths have.
    OptionalCapture(String),
    /// The query parameter of this name, or the one among the params of a call.
    Query(String, Arity),
    /// The other params of a call.
    Params,
    /// The body that a call is.
    WholeCall,
    /// The `T` of a `State<T>`.
    State(Box<Type>),
    /// Another axum extractor.
    Extractor,
    /// The last extractor, which may read the body.
    Last,
}

/// How many values a query parameter may have.
#[derive(Clone, Copy)]
pub(crate) enum Arity {
    One,
    Optional,
    Many,
}

/// A route that can be expanded.
pub(crate) struct Route {
    pub(crate) krate: TokenStream,
    pub(crate) paths: Vec<Path>,
    pub(crate) methods: Vec<String>,
    pub(crate) auth: Auth,
    pub(crate) groups: Vec<Expr>,
    pub(crate) kind: Kind,
    pub(crate) cors: Vec<LitStr>,
    pub(crate) cors_headers: Vec<LitStr>,
    pub(crate) state: Option<Type>,
    pub(crate) arguments: Vec<Argument>,
}
