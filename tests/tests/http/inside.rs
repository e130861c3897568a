//! How extractors inside a guard, and layers around it, find the key that it verified.

use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator, NewKey, key::KeyRecord, route, routes};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request},
    http::request::Parts,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use tests::{GatedStore, Log};
use tower::ServiceExt;

/// A user's extractor, which uses the key.
struct Tenant(String);

impl FromRequestParts<Authenticator> for Tenant {
    type Rejection = auth_api_key::Rejection;

    async fn from_request_parts(
        parts: &mut Parts,
        auth: &Authenticator,
    ) -> Result<Self, Self::Rejection> {
        let key = ApiKey::from_request_parts(parts, auth).await?;
        Ok(Self(format!("tenant {}", key.user)))
    }
}

#[route("/tenant", auth = "api_key", state = Authenticator)]
async fn tenant(Tenant(text): Tenant) -> String {
    text
}

#[route("/extension", auth = "api_key")]
async fn extension(Extension(key): Extension<ApiKey>) -> String {
    key.name.clone()
}

#[route("/public", auth = "public")]
async fn public(key: Option<Extension<ApiKey>>) -> String {
    key.map_or("nobody".to_owned(), |key| key.name.clone())
}

#[route("/guarded", auth = "api_key")]
async fn guarded(key: ApiKey) -> String {
    key.name.clone()
}

async fn plain(key: ApiKey) -> String {
    key.name.clone()
}

async fn plain_optional(key: Option<ApiKey>) -> String {
    key.map_or("nobody".to_owned(), |key| key.name.clone())
}

/// An authenticator with one key of this name. The key has the text `<name>-text` and is sent in this
/// header.
async fn with_key(header: &str, name: &str) -> Authenticator {
    let builder = Authenticator::builder().header(header);
    let auth = builder.build(GatedStore::default()).await.unwrap();
    let key = NewKey::new(name, "user").text(format!("{name}-text"));
    auth.keys().create(key).await.unwrap();
    auth
}

async fn ask(app: &Router, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// How often a key was admitted, and the answer.
async fn admissions(app: &Router, path: &str, headers: &[(&str, &str)]) -> (usize, u16, String) {
    let (log, (status, body)) = Log::of(ask(app, path, headers)).await;
    (log.matches("admitted").count(), status, body)
}

const KEY: [(&str, &str); 1] = [("api-key", "ours-text")];

#[tokio::test]
async fn extractor_inside_a_layer_or_a_route_counts_a_key_once() {
    let auth = with_key("api-key", "ours").await;
    let layered = Router::new()
        .route("/plain", get(plain))
        .route("/optional", get(plain_optional))
        .route_layer(ApiKeyLayer::new(auth.clone()));
    let app = layered.merge(routes![tenant]).with_state(auth);
    for (path, body) in [
        ("/plain", "ours"),
        ("/optional", "ours"),
        ("/tenant", "tenant user"),
    ] {
        ask(&app, path, &KEY).await;
        let expected = (1, 200, body.to_owned());
        assert_eq!(admissions(&app, path, &KEY).await, expected, "{path}");
    }
}

#[tokio::test]
async fn extension_below_a_route_is_the_key_that_it_verified() {
    let auth = with_key("api-key", "ours").await;
    let app: Router = Router::new()
        .merge(routes![extension, public])
        .with_state(auth);
    let ours = (200, "ours".to_owned());
    assert_eq!(ask(&app, "/extension", &KEY).await, ours);
    assert_eq!(ask(&app, "/public", &KEY).await, ours);
    assert_eq!(ask(&app, "/public", &[]).await, (200, "nobody".to_owned()));
}

#[tokio::test]
async fn nested_authenticators_each_give_their_own_key() {
    let (ours, theirs) = (
        with_key("api-key", "ours").await,
        with_key("their-key", "theirs").await,
    );
    let both = [("api-key", "ours-text"), ("their-key", "theirs-text")];
    for (outer, inner) in [(&ours, &theirs), (&theirs, &ours)] {
        for (state, name) in [(&ours, "ours"), (&theirs, "theirs")] {
            let app = Router::new()
                .route("/plain", get(plain))
                .route_layer(ApiKeyLayer::new(inner.clone()))
                .route_layer(ApiKeyLayer::new(outer.clone()))
                .with_state(state.clone());
            ask(&app, "/plain", &both).await;
            let expected = (2, 200, name.to_owned());
            assert_eq!(admissions(&app, "/plain", &both).await, expected);
            let one = [both[usize::from(name == "ours")]];
            assert_eq!(ask(&app, "/plain", &one).await.0, 401);
        }
    }
    // The key of one authenticator does not work for the other, also if both read the same header.
    let others = with_key("api-key", "others").await;
    let app = Router::new()
        .merge(routes![tenant, guarded])
        .route("/plain", get(plain))
        .layer(ApiKeyLayer::new(others))
        .with_state(ours);
    for path in ["/plain", "/tenant", "/guarded"] {
        let answer = ask(&app, path, &[("api-key", "others-text")]).await;
        assert_eq!(answer.0, 401, "{path}");
    }
}

async fn forge(mut request: Request, next: Next) -> Response {
    let record = KeyRecord::new(1, "forged", "root");
    request.extensions_mut().insert(ApiKey::unverified(record));
    next.run(request).await
}

#[tokio::test]
async fn forged_key_in_the_extensions_opens_nothing() {
    let auth = with_key("api-key", "ours").await;
    let app = Router::new()
        .merge(routes![guarded, tenant, extension, public])
        .route("/plain", get(plain))
        .route("/optional", get(plain_optional))
        .route("/layered", get(plain).layer(ApiKeyLayer::new(auth.clone())))
        .layer(from_fn(forge))
        .with_state(auth);
    for path in ["/guarded", "/tenant", "/extension", "/plain", "/layered"] {
        assert_eq!(ask(&app, path, &[]).await.0, 401, "{path}");
        let (status, body) = ask(&app, path, &KEY).await;
        assert_eq!(status, 200, "{path}");
        assert!(body == "ours" || body == "tenant user", "{path}: {body}");
    }
    for path in ["/public", "/optional"] {
        let nobody = (200, "nobody".to_owned());
        assert_eq!(ask(&app, path, &[]).await, nobody, "{path}");
    }
}

async fn change_header(mut request: Request, next: Next) -> Response {
    let other = "other-text".parse().unwrap();
    request.headers_mut().insert("api-key", other);
    next.run(request).await
}

#[tokio::test]
async fn header_that_changed_after_verification_is_verified_again() {
    let auth = with_key("api-key", "ours").await;
    let app = |auth: &Authenticator| {
        Router::new()
            .route("/plain", get(plain))
            .layer(from_fn(change_header))
            .layer(ApiKeyLayer::new(auth.clone()))
            .with_state(auth.clone())
    };
    assert_eq!(ask(&app(&auth), "/plain", &KEY).await.0, 401);
    let other = NewKey::new("other", "user").text("other-text");
    auth.keys().create(other).await.unwrap();
    let app = app(&auth);
    ask(&app, "/plain", &KEY).await;
    let expected = (2, 200, "other".to_owned());
    assert_eq!(admissions(&app, "/plain", &KEY).await, expected);
}

async fn revoke(
    axum::extract::State(auth): axum::extract::State<Authenticator>,
    request: Request,
    next: Next,
) -> Response {
    auth.keys().archive("ours").await.unwrap();
    next.run(request).await
}

/// Revokes the key before the next argument is extracted.
struct Revoking;

impl FromRequestParts<Authenticator> for Revoking {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        _: &mut Parts,
        auth: &Authenticator,
    ) -> Result<Self, Self::Rejection> {
        auth.keys().archive("ours").await.unwrap();
        Ok(Self)
    }
}

#[route("/revoked", auth = "api_key", state = Authenticator)]
async fn revoked(_: Revoking, Tenant(text): Tenant) -> String {
    text
}

#[tokio::test]
async fn key_that_is_revoked_between_the_guard_and_an_extractor_is_refused() {
    let auth = with_key("api-key", "ours").await;
    let app = Router::new()
        .route("/plain", get(plain))
        .layer(from_fn_with_state(auth.clone(), revoke))
        .layer(ApiKeyLayer::new(auth.clone()))
        .with_state(auth);
    assert_eq!(ask(&app, "/plain", &KEY).await.0, 401);

    let auth = with_key("api-key", "ours").await;
    let app: Router = Router::new().merge(routes![revoked]).with_state(auth);
    assert_eq!(ask(&app, "/revoked", &KEY).await.0, 401);
}

#[tokio::test]
async fn layer_around_finds_the_key_in_the_answer_if_an_argument_may_look_for_it() {
    async fn seen(request: Request, next: Next) -> Response {
        let mut response = next.run(request).await;
        let key = response.extensions().get::<ApiKey>();
        let name = key.map_or("nobody".to_owned(), |key| key.name.clone());
        response.headers_mut().insert("seen", name.parse().unwrap());
        response
    }
    let auth = with_key("api-key", "ours").await;
    let app = Router::new()
        .merge(routes![guarded, extension, tenant, public])
        .route(
            "/layered",
            get(async || "ours").layer(ApiKeyLayer::new(auth.clone())),
        )
        .layer(from_fn(seen))
        .with_state(auth);
    for (path, key, expected) in [
        ("/extension", &KEY[..], "ours"),
        ("/tenant", &KEY[..], "ours"),
        ("/layered", &KEY[..], "ours"),
        ("/public", &KEY[..], "ours"),
        ("/public", &[][..], "nobody"),
        ("/extension", &[][..], "nobody"),
        // No argument of this route may look for it.
        ("/guarded", &KEY[..], "nobody"),
    ] {
        let mut request = Request::builder().uri(path);
        for (name, value) in key {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["seen"], expected, "{path}");
    }
}
