//! The orders of the users whom keys act for: a controller, whose options hold for all its routes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth_api_key::{
    ApiKey, Routes, controller,
    openapi::utoipa::{self, IntoResponses, ToSchema},
    routes,
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{app::AppState, error::ShopError, stock::Stock};

/// In a real service, a database.
#[derive(Clone)]
pub(crate) struct Orders {
    stock: Stock,
    orders: Arc<Mutex<Vec<Order>>>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
struct Order {
    id: u64,
    /// Whose it is: the user whom the key acts for.
    #[serde(skip)]
    user: String,
    article: String,
    pieces: u32,
}

/// What a new order is answered with.
#[derive(IntoResponses)]
#[response(status = 201)]
struct Created(#[to_schema] Order);

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

#[derive(Debug, Deserialize, ToSchema)]
struct NewOrder {
    article: String,
    #[schema(maximum = 4_294_967_295_u32)]
    pieces: u32,
}

impl Orders {
    pub(crate) fn new(stock: Stock) -> Self {
        Self {
            stock,
            orders: Arc::default(),
        }
    }

    fn orders(&self) -> MutexGuard<'_, Vec<Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[controller("/orders", auth = "api_key", groups = ["orders"])]
impl Orders {
    /// The caller's orders, or those of one article.
    #[route("/?article", methods = ["GET"])]
    async fn list(&self, key: ApiKey, article: Option<String>) -> Json<Vec<Order>> {
        let orders = self.orders();
        let own = orders.iter().filter(|order| order.user == key.user);
        let wanted = own.filter(|order| article.as_ref().is_none_or(|name| order.article == *name));
        Json(wanted.cloned().collect())
    }

    /// One of the caller's orders.
    #[route("/{id}", methods = ["GET"])]
    async fn show(&self, key: ApiKey, id: u64) -> Result<Json<Order>, ShopError> {
        let orders = self.orders();
        let mut own = orders.iter().filter(|order| order.user == key.user);
        let order = own.find(|order| order.id == id);
        order.cloned().map(Json).ok_or(ShopError::NoSuchOrder(id))
    }

    /// Orders pieces of an article.
    #[route("/", methods = ["POST"])]
    async fn create(&self, key: ApiKey, Json(order): Json<NewOrder>) -> Result<Created, ShopError> {
        self.stock.take(&order.article, order.pieces)?;
        let mut orders = self.orders();
        let order = Order {
            id: orders.len() as u64 + 1,
            user: key.user.clone(),
            article: order.article,
            pieces: order.pieces,
        };
        orders.push(order.clone());
        Ok(Created(order))
    }
}

pub(crate) fn routes() -> Routes<AppState> {
    routes![Orders]
}
