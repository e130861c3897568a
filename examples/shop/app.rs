//! What the service is made of: its state, its routes, its layers.

use std::time::Duration;

use auth_api_key::{Authenticator, Routes, openapi::utoipa::openapi::OpenApi, route, routes};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRef, State},
    http::StatusCode,
};
use tower_http::timeout::TimeoutLayer;

use crate::{
    orders::{self, Orders},
    stock::{self, Stock},
};

/// What handlers take from the router: each field is one that a handler may ask for.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    auth: Authenticator,
    orders: Orders,
    stock: Stock,
    document: OpenApi,
}

impl AppState {
    pub(crate) fn new(auth: Authenticator) -> Self {
        let stock = Stock::default();
        let document = routes().openapi(&auth, "Shop", "1.0");
        Self {
            document,
            auth,
            orders: Orders::new(stock.clone()),
            stock,
        }
    }
}

/// All routes: two that answer the same requests are named at the start.
pub(crate) fn routes() -> Routes<AppState> {
    let own = routes![document];
    own.merge(stock::routes()).merge(orders::routes())
}

/// Describes all routes, for whoever has a key.
#[route("/openapi.json", auth = "api_key", methods = ["GET"])]
async fn document(State(document): State<OpenApi>) -> Json<OpenApi> {
    Json(document)
}

/// The whole service. Tests call it, too.
pub(crate) fn app(state: AppState) -> Router {
    Router::new()
        .merge(routes())
        .layer(DefaultBodyLimit::max(16 * 1024))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(10),
        ))
        .with_state(state)
}
