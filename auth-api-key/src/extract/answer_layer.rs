//! A tower layer that changes the answers of the crate.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    http::{
        HeaderValue, Request,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, VARY},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::rejection::Cause;

type Change = Arc<dyn Fn(&Parts, &Cause, Response) -> Response + Send + Sync>;

/// What the function of an [`AnswerLayer`] must return: a [`Response`], so that it chooses the status. axum also makes
/// responses of other types: `()` would answer a refusal with 200.
///
/// This is a separate trait, so that its compile error can explain an `async` closure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an answer",
    label = "the function of an `AnswerLayer` must return a `Response`",
    note = "an `async` closure or block returns a future: delete `async`",
    note = "return the response that the function got, or make one: `(StatusCode::NOT_FOUND, \"no\").into_response()`"
)]
pub trait LayerAnswer {
    /// The response.
    fn answer(self) -> Response;
}

impl LayerAnswer for Response {
    fn answer(self) -> Response {
        self
    }
}

/// Changes or replaces every answer that the crate makes itself: refusals of guarded routes, layers
/// and extractors, arguments and calls that cannot be read, preflights.
///
/// Put it around the routes. It calls your function with the head of the request, the [`Cause`] and
/// the standard answer; your function, which is not `async`, returns the answer to send. Answers of
/// handlers and of axum's own extractors pass through unchanged.
///
/// A proxy may ask the program whether to admit a caller, and reads the status alone: do not answer a refusal with a
/// status of success.
///
/// ```
/// use auth_api_key::{Authenticator, Reason, extract::AnswerLayer, rejection::Cause};
/// use axum::{
///     Router,
///     http::header::ACCEPT,
///     response::{IntoResponse, Redirect},
/// };
///
/// fn with_answers(routes: Router) -> Router {
///     routes.layer(AnswerLayer::new(|request, cause, answer| {
///         let accepted = request.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
///         match cause {
///             Cause::Refused(rejection)
///                 if rejection.reason() == Reason::MissingKey
///                     && accepted.is_some_and(|accepted| accepted.contains("text/html")) =>
///             {
///                 Redirect::to("/how-to-get-a-key").into_response()
///             }
///             _ => answer,
///         }
///     }))
/// }
/// ```
///
/// Your answer gets the `Vary` of the standard answer, so that no cache hands one caller's answer to
/// another. It also gets `Cache-Control` and `Access-Control-Allow-Origin`, unless it has set them. Its
/// extensions have the cause.
///
/// The layer copies the head of every request. In the copy all headers are marked as sensitive: their
/// `Debug` does not show a key.
#[derive(Clone)]
pub struct AnswerLayer {
    change: Change,
}

impl AnswerLayer {
    /// Makes a layer that calls `change` for each answer of the crate.
    pub fn new<A: LayerAnswer>(
        change: impl Fn(&Parts, &Cause, Response) -> A + Send + Sync + 'static,
    ) -> Self {
        Self {
            change: Arc::new(move |head, cause, answer| change(head, cause, answer).answer()),
        }
    }

    fn changed(&self, head: &Parts, answer: Response) -> Response {
        let Some(cause) = answer.extensions().get::<Cause>().cloned() else {
            return answer;
        };
        let mut standard = answer;
        let headers = standard.headers_mut();
        let vary: Vec<HeaderValue> = headers.get_all(VARY).iter().cloned().collect();
        headers.remove(VARY);
        let defaults = [CACHE_CONTROL, ACCESS_CONTROL_ALLOW_ORIGIN]
            .map(|name| headers.get(&name).cloned().map(|value| (name, value)));
        let mut answer = (self.change)(head, &cause, standard);
        let headers = answer.headers_mut();
        for value in vary {
            headers.append(VARY, value);
        }
        for (name, value) in defaults.into_iter().flatten() {
            headers.entry(name).or_insert(value);
        }
        cause.of(answer)
    }
}

impl fmt::Debug for AnswerLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerLayer").finish_non_exhaustive()
    }
}

impl<T> Layer<T> for AnswerLayer {
    type Service = AnswerService<T>;

    fn layer(&self, inner: T) -> AnswerService<T> {
        AnswerService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service made by [`AnswerLayer`].
#[derive(Clone, Debug)]
pub struct AnswerService<T> {
    inner: T,
    layer: AnswerLayer,
}

impl<T, B> Service<Request<B>> for AnswerService<T>
where
    T: Service<Request<B>>,
    T::Response: IntoResponse,
    T::Future: Send + 'static,
{
    type Response = Response;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, T::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let mut head = parts.clone();
        for value in head.headers.values_mut() {
            value.set_sensitive(true);
        }
        let layer = self.layer.clone();
        let answer = self.inner.call(Request::from_parts(parts, body));
        Box::pin(async move { Ok(layer.changed(&head, answer.await?.into_response())) })
    }
}
