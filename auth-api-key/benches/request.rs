//! What a guard adds to a whole request in process:
//! `cargo bench -p auth-api-key --bench request`.

mod common;

use std::{hint::black_box, time::Instant};

use auth_api_key::{ApiKey, Authenticator, NewKey, route, routes, store::MemoryStore};
use axum::{
    Extension, Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use common::{Contender, compare, time};
use tokio::runtime::Builder;
use tower::ServiceExt;

/// A text as long as that of the key, so that all requests cost the same to build.
const CONSTANT: &str = "constant_of_48_bytes_as_long_as_the_text_of_keys";
const WRONG: &str = "wrong____of_48_bytes_as_long_as_the_text_of_keys";

async fn bare() -> &'static str {
    "hello"
}

#[route("/my_service", auth = "api_key", methods = ["GET"])]
async fn guarded(key: ApiKey) -> &'static str {
    let _ = key;
    "hello"
}

#[route("/my_service", auth = "api_key", methods = ["GET"])]
async fn leaving(Extension(key): Extension<ApiKey>) -> &'static str {
    let _ = key;
    "hello"
}

async fn empty(request: Request, next: Next) -> Response {
    next.run(request).await
}

async fn constant(request: Request, next: Next) -> Response {
    match request.headers().get("api-key") {
        Some(key) if key == CONSTANT => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn request(key: &str) -> Request {
    Request::builder()
        .uri("/my_service")
        .header("host", "localhost")
        .header("user-agent", "bench")
        .header("api-key", key)
        .body(Body::empty())
        .expect("a valid request")
}

fn main() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts");
    let (auth, text) = runtime.block_on(async {
        let auth = Authenticator::builder()
            .build(MemoryStore::new())
            .await
            .expect("it opens");
        let key = NewKey::new("webshop", "user-7").prefix("benchmark");
        let created = auth.keys().create(key).await.expect("the name is new");
        (auth, created.secret.expose().to_owned())
    });
    let mount = |handlers| {
        Router::new()
            .route("/my_service", handlers)
            .with_state(auth.clone())
    };
    let listed = || {
        Router::new()
            .merge(routes![guarded])
            .with_state(auth.clone())
    };
    let leaving = Router::new()
        .merge(routes![leaving])
        .with_state(auth.clone());
    let routers = [
        (
            "empty from_fn",
            mount(get(bare).layer(from_fn(empty))),
            CONSTANT,
        ),
        ("bare handler", mount(get(bare)), CONSTANT),
        ("guarded handler", listed(), text.as_str()),
        (
            "guarded handler, mounted by hand",
            mount(get(guarded)),
            text.as_str(),
        ),
        (
            "from_fn comparing a constant",
            mount(get(bare).layer(from_fn(constant))),
            CONSTANT,
        ),
        (
            "guarded handler that leaves its key",
            leaving,
            text.as_str(),
        ),
        ("guarded handler, wrong key", listed(), WRONG),
    ];
    let runtime = &runtime;
    let contenders = routers.map(|(name, router, key)| {
        Contender::new(name, move |times| {
            let start = Instant::now();
            runtime.block_on(async {
                for _ in 0..times {
                    let response = router.clone().oneshot(request(key));
                    let status = response.await.expect("infallible").status();
                    assert_eq!(status == StatusCode::OK, key != WRONG);
                }
            });
            start.elapsed()
        })
    });
    let building = |times| time(times, || drop(black_box(request(black_box(CONSTANT)))));
    compare(
        "a request in process",
        1_000,
        500,
        building,
        contenders.into(),
    );
}
