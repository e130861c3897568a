//! A tower layer that guards everything below it.

use std::{
    borrow::Borrow,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    http::Request,
    response::{IntoResponse, Response},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{authenticator::Authenticator, key::GroupCodes};

/// Guards a router, a method router, a handler or any other service of HTTP requests, also of tonic: it
/// answers a request without a valid key before the request reaches them. A caller by gRPC gets a
/// `grpc-status`: 16 if the key is missing or wrong, 7 if it may not call the service, 14 if keys
/// cannot be checked.
///
/// Handlers below it find the key as `Extension<ApiKey>` (in tonic: in the request's extensions).
/// Layers around it find the key in the extensions of the response.
///
/// ```
/// use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator};
/// use axum::{Extension, Router, routing::get};
///
/// fn app(authenticator: Authenticator) -> Router {
///     Router::new()
///         .route("/orders", get(async |Extension(key): Extension<ApiKey>| key.name.clone()))
///         .route_layer(ApiKeyLayer::new(authenticator).groups(["shop"]))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ApiKeyLayer {
    authenticator: Authenticator,
    groups: Arc<[String]>,
}

impl ApiKeyLayer {
    /// Makes a layer that admits any valid key. It takes the authenticator or a reference to it.
    pub fn new(authenticator: impl Borrow<Authenticator>) -> Self {
        Self {
            authenticator: authenticator.borrow().clone(),
            groups: Arc::new([]),
        }
    }

    /// Admits only keys that are in one of these groups. An empty list admits any valid key. If two
    /// layers, or a layer and a route below it, have groups, a key must be in one group of each.
    pub fn groups(mut self, codes: impl GroupCodes) -> Self {
        self.groups = codes.codes().collect();
        self
    }
}

impl<T> Layer<T> for ApiKeyLayer {
    type Service = ApiKeyService<T>;

    fn layer(&self, inner: T) -> ApiKeyService<T> {
        ApiKeyService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service made by [`ApiKeyLayer`].
#[derive(Clone, Debug)]
pub struct ApiKeyService<T> {
    inner: T,
    layer: ApiKeyLayer,
}

impl<T, B> Service<Request<B>> for ApiKeyService<T>
where
    T: Service<Request<B>> + Clone + Send + 'static,
    T::Response: IntoResponse,
    T::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, T::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // `call` must use the service that was polled ready; the clone takes its place.
        let fresh = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, fresh);
        let ApiKeyLayer {
            authenticator,
            groups,
        } = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            let key = match authenticator.authenticate(&mut parts, &groups).await {
                Ok(key) => key,
                Err(rejection) => return Ok(rejection.into_response()),
            };
            authenticator.share(&mut parts, Some(&key));
            let answer = ready.call(Request::from_parts(parts, body)).await?;
            let mut response = answer.into_response();
            authenticator.answers().keep_private(&mut response);
            response.extensions_mut().insert(key);
            Ok(response)
        })
    }
}
