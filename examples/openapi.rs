//! The OpenAPI document of a router, and a page on which its routes are tried with a key.
//!
//!     cargo run --example openapi
//!
//! It keeps its keys in `openapi.db` (`DATABASE_URL` names another place), and prints a key and the address of
//! the page: enter the key behind "Authorize", and call a route. All that the page loads is in this program.

use std::{env, error::Error, time::Duration};

use auth_api_key::{
    ApiKey, Authenticator, NewKey, Routes,
    openapi::utoipa::{self, IntoResponses, ToSchema},
    route, routes,
};
use axum::{
    Json, Router,
    http::{HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY},
    middleware::map_response,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa_swagger_ui::{Config, SwaggerUi};

#[derive(Serialize, ToSchema)]
struct Article {
    #[schema(example = "lamp")]
    name: String,
    pieces: u32,
}

#[derive(Deserialize, Serialize, ToSchema)]
struct Order {
    #[schema(example = "lamp")]
    article: String,
    #[schema(maximum = 255)]
    pieces: u8,
}

/// What an order is answered with.
#[derive(IntoResponses)]
enum Ordered {
    /// The order.
    #[response(status = 201)]
    Created(#[to_schema] Order),
    /// Nobody sells it.
    #[response(status = 404)]
    Unknown,
    /// There are fewer of it.
    #[response(status = 409)]
    TooMany,
}

impl IntoResponse for Ordered {
    fn into_response(self) -> Response {
        match self {
            Self::Created(order) => (StatusCode::CREATED, Json(order)).into_response(),
            Self::Unknown => StatusCode::NOT_FOUND.into_response(),
            Self::TooMany => StatusCode::CONFLICT.into_response(),
        }
    }
}

const STOCK: [(&str, u32); 2] = [("chair", 12), ("lamp", 5)];

/// Lists the articles.
///
/// Everybody may look.
#[route("/articles?limit", auth = "public", methods = ["GET"])]
async fn articles(limit: Option<u8>) -> Json<Vec<Article>> {
    let articles = STOCK.map(|(name, pieces)| Article {
        name: name.to_owned(),
        pieces,
    });
    let limit = limit.map_or(usize::MAX, usize::from);
    Json(articles.into_iter().take(limit).collect())
}

/// Orders pieces of an article.
///
/// The key must be in the group `shop`.
#[route("/orders", auth = "api_key", methods = ["POST"], groups = ["shop"])]
async fn order(Json(order): Json<Order>) -> Ordered {
    match STOCK.iter().find(|(name, _)| *name == order.article) {
        None => Ordered::Unknown,
        Some((_, pieces)) if u32::from(order.pieces) > *pieces => Ordered::TooMany,
        Some(_) => Ordered::Created(order),
    }
}

/// Says who is calling.
#[route("/whoami", auth = "api_key", methods = ["GET"])]
async fn whoami(key: ApiKey) -> String {
    format!("{}, for {}", key.name, key.user)
}

fn listed() -> Routes<Authenticator> {
    routes![articles, order, whoami]
}

fn app(auth: Authenticator) -> Router {
    let document = listed().openapi(&auth, "Shop", "1.0");
    // Without `none`, the page shows the badge of a validator elsewhere.
    let page = Config::default().validator_url("none").use_base_layout();
    let page = Router::new()
        .merge(
            SwaggerUi::new("/docs")
                .url("/openapi.json", document)
                .config(page),
        )
        .layer(map_response(only_from_here));
    Router::new().merge(listed()).with_state(auth).merge(page)
}

/// What the page loads and asks for goes nowhere else.
async fn only_from_here(mut response: Response) -> Response {
    let policy = HeaderValue::from_static("default-src 'self'");
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    response
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    // First, since a second start must not end the key of the first.
    let listener = examples::listen().await?;
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:openapi.db".to_owned());
    let auth = Authenticator::connect(&url).await?;
    let key = match auth.keys().get("openapi-demo").await? {
        Some(_) => auth.keys().rotate("openapi-demo", Duration::ZERO).await?,
        None => {
            let key = NewKey::new("openapi-demo", "customer-7").prefix("demo");
            auth.keys().create(key.groups(["shop"])).await?
        }
    };
    let address = listener.local_addr()?;
    println!("http://{address}/docs");
    println!("curl http://{address}/openapi.json");
    println!(
        "curl -H 'API-KEY: {}' http://{address}/whoami",
        key.secret.expose()
    );
    examples::serve(listener, app(auth)).await?;
    Ok(())
}
