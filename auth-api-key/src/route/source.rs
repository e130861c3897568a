//! Where the arguments of a route come from: a value describes each source, and a tuple of values all of them.

use axum::{
    extract::Request,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use crate::rejection::Rejection;

/// What is kept of a request for the arguments.
pub trait Kept: Sized + Send + 'static {
    /// Whether it keeps the request.
    const IS_THE_REQUEST: bool;

    /// What the answer needs of the call.
    type Call: Send;

    /// Keeps it.
    fn of(request: Request) -> Self;

    /// The parts of the request, if they are kept.
    fn parts(&mut self) -> Option<&mut Parts>;

    /// The answer to a request that is refused.
    fn refuse(rejection: Rejection) -> Response {
        rejection.into_response()
    }

    /// The call, after the arguments were read.
    fn call(self) -> impl Future<Output = Result<Self::Call, Response>> + Send;
}

/// Nothing is kept: no argument needs the request.
pub struct Nothing;

impl Kept for Nothing {
    const IS_THE_REQUEST: bool = false;

    type Call = ();

    fn of(_: Request) -> Self {
        Self
    }

    fn parts(&mut self) -> Option<&mut Parts> {
        None
    }

    async fn call(self) -> Result<(), Response> {
        Ok(())
    }
}

/// What else arguments are read from.
pub struct Context<'a, S> {
    pub(super) state: &'a S,
    pub(super) route: &'static str,
    /// The status for an unreadable capture.
    pub(super) unreadable: StatusCode,
}

/// Where one argument comes from, or several.
pub trait Source<S, K>: Send {
    /// What is read.
    type Value: Send;

    /// Reads it, or answers why not.
    fn read(
        self,
        kept: &mut K,
        context: &Context<'_, S>,
    ) -> impl Future<Output = Result<Self::Value, Response>> + Send;
}

macro_rules! several {
    ($($source:ident)*) => {
        impl<S: Sync, K: Send, $($source: Source<S, K>),*> Source<S, K> for ($($source,)*) {
            type Value = ($($source::Value,)*);

            #[allow(non_snake_case, unused_variables)]
            async fn read(
                self,
                kept: &mut K,
                context: &Context<'_, S>,
            ) -> Result<Self::Value, Response> {
                let ($($source,)*) = self;
                Ok(($($source.read(kept, context).await?,)*))
            }
        }
    };
}

several!();
several!(A);
several!(A B);
several!(A B C);
several!(A B C D);
several!(A B C D E);
several!(A B C D E F);
several!(A B C D E F G);
several!(A B C D E F G H);
