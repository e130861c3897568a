//! Routes of one `impl` share a path, groups and `&self`; one route overrides the groups.
//!
//!     cargo run --example controller

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use auth_api_key::{ApiKey, Authenticator, NewKey, controller, routes, store::MemoryStore};
use axum::{Router, extract::FromRef};

#[derive(Clone, Default)]
struct Shop {
    orders: Arc<AtomicU32>,
}

#[controller("/shop", auth = "api_key", groups = ["shop"])]
impl Shop {
    #[route("/order/{item}")]
    async fn order(&self, key: ApiKey, item: String) -> String {
        let number = self.orders.fetch_add(1, Ordering::Relaxed) + 1;
        format!("order {number}: {item} for {}\n", key.name)
    }

    #[route("/health", auth = "none")]
    async fn health() -> &'static str {
        "well\n"
    }
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    shop: Shop,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let shop = NewKey::new("webshop", "user-1").groups(["shop"]);
    let shop = auth.keys().create(shop).await?;
    let other = auth.keys().create(NewKey::new("other", "user-2")).await?;

    let routes = routes![Shop];
    println!("{routes}");

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let (key, other) = (shop.secret.expose(), other.secret.expose());
    println!("admitted:  curl -H 'API-KEY: {key}' http://{address}/shop/order/tea");
    println!("forbidden: curl -H 'API-KEY: {other}' http://{address}/shop/order/tea");
    println!("no key:    curl http://{address}/shop/health");
    let shop = Shop::default();
    let app = Router::new()
        .merge(routes)
        .with_state(AppState { auth, shop });
    examples::serve(listener, app).await?;
    Ok(())
}
