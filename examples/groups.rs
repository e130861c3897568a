//! Routes for keys in certain groups, and the table of who may call what.
//!
//!     cargo run --example groups

use std::error::Error;

use auth_api_key::{ApiKey, Authenticator, NewKey, route, routes, store::MemoryStore};
use axum::Router;

const ERP: &str = "erp";

#[route("/orders", auth = "api_key", methods = ["GET"], groups = ["shop", ERP])]
async fn orders(key: ApiKey) -> String {
    format!("orders for {}\n", key.name)
}

#[route("/invoices/{year}?unpaid", auth = "api_key", groups = [ERP])]
async fn invoices(key: ApiKey, year: u16, unpaid: Option<bool>) -> String {
    let which = if unpaid.unwrap_or(false) {
        "unpaid invoices"
    } else {
        "invoices"
    };
    format!("{which} of {year} for {}\n", key.name)
}

#[route("/health", auth = "none", methods = ["GET"])]
async fn health() -> &'static str {
    "well\n"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let shop = auth
        .keys()
        .create(NewKey::new("webshop", "user-1").groups(["shop"]))
        .await?;
    let erp = auth
        .keys()
        .create(NewKey::new("accounting", "user-2").groups(["erp"]))
        .await?;

    let routes = routes![orders, invoices, health];
    println!("{routes}");

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let (shop, erp) = (shop.secret.expose(), erp.secret.expose());
    println!("admitted:  curl -H 'API-KEY: {shop}' http://{address}/orders");
    println!("forbidden: curl -H 'API-KEY: {shop}' http://{address}/invoices/2026");
    println!("admitted:  curl -H 'API-KEY: {erp}' 'http://{address}/invoices/2026?unpaid=true'");
    let app = Router::new().merge(routes).with_state(auth);
    examples::serve(listener, app).await?;
    Ok(())
}
