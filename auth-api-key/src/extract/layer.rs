//! A tower layer that guards whatever is below it.

use std::{
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

use crate::authenticator::Authenticator;

/// Guards a router, a method router, a handler or any other service of HTTP requests, those of tonic
/// among them: a request without a valid key is answered before it reaches them. A caller by gRPC is
/// answered by `grpc-status`: 16 where the key is missing or wrong, 7 where it may not call the
/// service, 14 where keys cannot be checked.
///
/// Handlers below it find the key as `Extension<ApiKey>` (in tonic: in the request's extensions), and
/// layers around it find it in the extensions of the response, whoever is below.
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
    /// Admits any valid key.
    pub fn new(authenticator: Authenticator) -> Self {
        Self {
            authenticator,
            groups: Arc::new([]),
        }
    }

    /// Admits only keys that are in one of these groups; none admits any valid key. Two layers, or a
    /// layer and a route below it, ask for one of each.
    pub fn groups(mut self, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups = codes.into_iter().map(Into::into).collect();
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
        // The service that was polled ready is the one to call; the clone takes its place.
        let fresh = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, fresh);
        let ApiKeyLayer {
            authenticator,
            groups,
        } = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let key = match authenticator.authenticate(&mut parts, &groups).await {
                Ok(key) => key,
                Err(rejection) => return Ok(rejection.into_response()),
            };
            authenticator.leave(&mut parts, Some(&key));
            let answer = ready.call(Request::from_parts(parts, body)).await?;
            let mut response = answer.into_response();
            authenticator.answers().keep_private(&mut response);
            response.extensions_mut().insert(key);
            Ok(response)
        })
    }
}
