//! How a route answers a request: the guard, the arguments, the body, one after the other.
//!
//! It is written once for all routes: rustc checks for each only how its body is called.

use axum::{extract::Request, response::Response};

use super::{
    answer::RouteAnswer,
    cors::{allowed, preflight, share},
    guard::{Admitted, Decision, Guard, RouterState},
    handler::Ran,
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
    let is_shared = const { !R::INFO.cors.is_empty() };
    let mut origin = None;
    if is_shared {
        origin = allowed(&request, route);
        if let Some(answer) = preflight(&request, route, origin, || G::authenticator(&state)) {
            return Ran::new(seal, answer);
        }
    }
    let begun = G::begin(&mut request, &state, route);
    let mut kept = K::of(request);
    // Each `match` on a response ends before the next `await`: otherwise the future would have room for it.
    let answer = async move {
        let route = const { &R::INFO };
        let finished = |admitted: Option<G::Admitted>, mut response| {
            if let Some(admitted) = admitted {
                admitted.answer(&mut response);
            }
            if is_shared {
                share(route, origin, &mut response);
            }
            response
        };
        let (admitted, who) = match G::admit(begun, &mut kept, &state, route) {
            Decision::Admitted(admitted, who) => (admitted, who),
            Decision::Awaited(decided) => match decided.await {
                Ok(admitted) => admitted,
                Err(refused) => return finished(None, refused),
            },
        };
        let context = Context {
            state: &state,
            route: route.handler,
            unreadable: admitted.unreadable_capture(),
        };
        let arguments = match arguments.read(&mut kept, &context).await {
            Ok(arguments) => arguments,
            Err(error) => return finished(Some(admitted), error),
        };
        let call = match kept.call().await {
            Ok(call) => call,
            Err(error) => return finished(Some(admitted), error),
        };
        let response = body(who, arguments, call).await;
        finished(Some(admitted), response)
    };
    Ran::new(seal, Box::pin(answer))
}

/// The answer to what a body returned, unless it is the result of a call.
pub fn answer<T: RouteAnswer, C>() -> impl FnOnce(T, &C) -> Response + Send + 'static {
    |returned, _| returned.into_answer()
}
