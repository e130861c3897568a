//! How a route answers a request: the guard, the arguments, the body, one after the other.
//!
//! It is written once for all routes: rustc checks for each only how its body is called.

use axum::{extract::Request, response::Response};

use super::{
    answer::RouteAnswer,
    call::Ran,
    cors::{allowed, preflight, share},
    guard::{Admitted, Guard, RouterState},
    info::Route,
    source::{Context, Kept, Source},
};

/// What the expansion of a function calls. `body` gets the caller and the arguments; `answer` gets what
/// `body` returned.
pub fn run<R, G, K, S, A, F, B, T>(
    seal: R::Seal,
    arguments: A,
    request: Request,
    state: S,
    body: F,
    answer: T,
) -> Ran<R>
where
    R: Route,
    G: Guard<S, K>,
    K: Kept,
    S: RouterState,
    A: Source<S, K> + 'static,
    F: FnOnce(G::Who, A::Value) -> B + Send + 'static,
    B: Future + Send + 'static,
    T: FnOnce(B::Output, &K::Call) -> Response + Send + 'static,
{
    run_method::<R, G, K, _, _, _, _>(seal, arguments, request, state, |who, arguments, call| {
        let returned = body(who, arguments);
        async move { answer(returned.await, &call) }
    })
}

/// What the expansion of a method calls. What `body` returned may borrow from its controller, so `body` makes
/// the answer.
pub fn run_method<R, G, K, S, A, F, B>(
    seal: R::Seal,
    arguments: A,
    mut request: Request,
    state: S,
    body: F,
) -> Ran<R>
where
    R: Route,
    G: Guard<S, K>,
    K: Kept,
    S: RouterState,
    A: Source<S, K> + 'static,
    F: FnOnce(G::Who, A::Value, K::Call) -> B + Send + 'static,
    B: Future<Output = Response> + Send + 'static,
{
    let route = const { &R::INFO };
    let origin = allowed(&request, route);
    if !route.cors.is_empty()
        && let Some(answer) = preflight(&request, route, origin, || G::authenticator(&state))
    {
        return Ran::new(seal, answer);
    }
    let begun = G::begin(&mut request, &state, route);
    let mut kept = K::of(request);
    let answer = async move {
        let response = 'answered: {
            let (admitted, who) = match G::admit(begun, &mut kept, &state).await {
                Ok(admitted) => admitted,
                Err(refused) => break 'answered refused,
            };
            let context = Context {
                state: &state,
                route: route.handler,
                unreadable: admitted.unreadable_capture(),
            };
            let arguments = match arguments.read(&mut kept, &context).await {
                Ok(arguments) => arguments,
                Err(error) => break 'answered admitted.answer(error),
            };
            let call = match kept.call().await {
                Ok(call) => call,
                Err(error) => break 'answered admitted.answer(error),
            };
            admitted.answer(body(who, arguments, call).await)
        };
        share(route, origin, response)
    };
    Ran::new(seal, Box::pin(answer))
}

/// The answer to what a body returned, unless it is the result of a call.
pub fn answer<T: RouteAnswer, C>() -> impl FnOnce(T, &C) -> Response + Send + 'static {
    |returned, _| returned.into_answer()
}
