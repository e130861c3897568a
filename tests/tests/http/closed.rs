//! `assert_closed`: which routers it passes, and what it says of the others.

use auth_api_key::{
    ApiKey, ApiKeyLayer, AuthMethod, Authenticator, Identity, Routes, controller,
    rejection::AnswerStyle,
    route, routes,
    testing::{Expected, assert_closed},
};
use axum::{
    Router,
    extract::FromRef,
    http::{StatusCode, request::Parts},
    middleware::from_fn,
    response::IntoResponse,
    routing::{get, post},
};

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    shop: Shop,
}

fn state() -> AppState {
    AppState {
        auth: Authenticator::for_tests(),
        shop: Shop,
    }
}

#[route(["/orders/{id}", "/o/{id}"], auth = "api_key", methods = ["GET", "DELETE"], groups = ["shop"])]
async fn orders(id: u32) -> String {
    id.to_string()
}

#[route("/", auth = "api_key")]
async fn root() {}

#[route("/offers", auth = "public", methods = ["GET"], cors = "*")]
async fn offers(key: Option<ApiKey>) -> String {
    format!("{}", key.is_some())
}

#[route("/health", auth = "none")]
async fn health() {}

#[route("/call?name", auth = "api_key", type = "jsonrpc", cors = "*")]
async fn call(name: String) -> String {
    name
}

struct Password;

impl AuthMethod for Password {
    type State = AppState;
    type Identity = ();
    type Rejection = StatusCode;

    async fn authenticate(parts: &mut Parts, _: &AppState) -> Result<(), StatusCode> {
        match parts.headers.contains_key("password") {
            true => Ok(()),
            false => Err(StatusCode::UNAUTHORIZED),
        }
    }
}

#[route("/secret", auth = Password)]
async fn secret(who: Identity<Password>) -> String {
    format!("{who:?}")
}

#[derive(Clone)]
struct Shop;

#[controller("/shop/{tenant}", auth = "api_key")]
impl Shop {
    #[route("/stock/{*rest}")]
    async fn stock(&self, tenant: String, rest: String) -> String {
        tenant + &rest
    }
}

fn all() -> Routes<AppState> {
    routes![orders, root, offers, health, call, secret, Shop]
}

fn app() -> Router<AppState> {
    Router::new().merge(all())
}

/// What is said of a router that is not closed.
async fn said(expected: impl Into<Expected>, app: Router) -> String {
    let expected = expected.into();
    let asserted = tokio::spawn(async move { assert_closed(expected, app).await });
    let panic = asserted.await.unwrap_err().into_panic();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn router_whose_guards_are_closed_passes() {
    assert_closed(&all(), app().with_state(state())).await;
    let built = Authenticator::builder().header("X-Key").realm("shop");
    let auth = built.build(tests::GatedStore::default()).await.unwrap();
    assert_closed(&all(), app().with_state(AppState { auth, ..state() })).await;
    let guarded = app().layer(ApiKeyLayer::new(Authenticator::for_tests()));
    assert_closed(&all(), guarded.with_state(state())).await;
}

#[tokio::test]
async fn router_that_answers_as_odoo_does_passes() {
    let built = Authenticator::builder().answers(AnswerStyle::Odoo);
    let auth = built.build(tests::GatedStore::default()).await.unwrap();
    assert_closed(&all(), app().with_state(AppState { auth, ..state() })).await;
}

#[tokio::test]
async fn lists_may_be_nested_and_several_and_others_may_be_named_as_open() {
    let router = Router::new()
        .nest("/api", app())
        .merge(routes![health])
        .route("/docs/{page}", get(|| async {}))
        .route_service("/assets/{*file}", get(|| async {}))
        .nest_service("/files", Router::new())
        .fallback(|| async { "a page" })
        .with_state(state());
    let listed = || Expected::from(&all()).under("/api");
    let others: Routes<AppState> = routes![health];
    let expected = listed().and(&others).open("/docs/{name}");
    let expected = expected.open("/assets/*").open("/files/*");
    assert_closed(expected.open_fallback(), router.clone()).await;
    let said = said(listed().and(&others).open("/assets/*").open("/doc"), router).await;
    for line in [
        "/docs/{page} is in the router, and in no list",
        "/files is in the router, and in no list",
        "a fallback answers with 200 OK",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(!said.contains("/assets"), "{said}");
}

#[tokio::test]
async fn plain_handler_instead_of_a_route_is_named() {
    let plain = Router::new()
        .route("/orders/{number}", get(|| async { "all of them" }))
        .route("/o/{id}", get(|| async { StatusCode::UNAUTHORIZED }));
    let said = said(&routes![orders] as &Routes<AppState>, plain).await;
    for line in [
        "GET /orders/{id} was answered with 200 OK by something other than its guard: http::closed::orders at ",
        "GET /o/{id} was answered with 401 Unauthorized by something other than its guard",
        "DELETE /o/{id} was answered with 405 Method Not Allowed by something other than its guard",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(said.contains("closed.rs:"), "{said}");
}

#[tokio::test]
async fn route_that_takes_a_key_of_no_group_is_named() {
    let state = state();
    let nobody = state.auth.test_key("nobody", &[]).await;
    let expected = || Expected::from(&all()).stranger(&nobody);
    assert_closed(expected(), app().with_state(state.clone())).await;

    // A guard that knows of no groups, before a handler that is not the route's.
    let plain = get(async || "1").delete(async || "1");
    let plain = plain.layer(ApiKeyLayer::new(state.auth.clone()));
    let router = Router::new().route("/orders/{id}", plain).with_state(state);
    let routes: Routes<AppState> = routes![orders];
    let said = said(Expected::from(&routes).stranger(&nobody), router).await;
    let line = "GET /orders/{id} was answered with 200 OK to a key that is in no group: \
                http::closed::orders at ";
    assert!(said.contains(line), "{said}");
}

#[tokio::test]
async fn list_that_is_mounted_elsewhere_is_named() {
    let nested = Router::new().nest("/api", app()).with_state(state());
    let said = said(&all(), nested).await;
    assert!(
        said.contains("GET /orders/{id} was answered with 404 Not Found"),
        "{said}"
    );
    assert!(
        said.contains("/api/offers is in the router, and in no list"),
        "{said}"
    );
}

#[tokio::test]
async fn route_and_method_that_nobody_listed_are_named() {
    let more = app()
        .route("/orders/export", get(|| async { "all of them" }))
        .route("/offers", post(|| async { "done" }))
        .with_state(state());
    let said = said(&all(), more).await;
    assert!(
        said.contains("/orders/export is in the router, and in no list"),
        "{said}"
    );
    assert!(
        said.contains("POST /offers was answered with 200 OK: no list has this method"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 3, "{said}");
}

#[tokio::test]
async fn layer_that_answers_instead_of_the_guards_is_named() {
    let cached = from_fn(
        async |_: axum::extract::Request, _: axum::middleware::Next| "from a cache".into_response(),
    );
    let said = said(&all(), app().layer(cached).with_state(state())).await;
    for path in [
        "/orders/{id}",
        "/offers",
        "/secret",
        "/shop/{tenant}/stock/{*rest}",
    ] {
        let line = format!("GET {path} was answered with 200 OK by something other");
        assert!(said.contains(&line), "{said}");
    }
    assert!(!said.contains("GET /health"), "{said}");
}

#[tokio::test]
async fn own_method_that_admits_everybody_is_named() {
    let open = app().layer(axum::middleware::map_request(
        async |mut request: axum::extract::Request| {
            request
                .headers_mut()
                .insert("password", "swordfish".parse().unwrap());
            request
        },
    ));
    let said = said(&all(), open.with_state(state())).await;
    let line = "GET /secret was answered with 200 OK by something other than `Password`";
    assert!(said.contains(line), "{said}");
}

#[tokio::test]
async fn empty_list_is_an_error() {
    let none: Routes<()> = routes![];
    assert!(
        said(&none, Router::new())
            .await
            .contains("the list has no route")
    );
}
