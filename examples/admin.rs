//! Pages on which operators create, rotate and revoke keys in a browser: `cargo run --example admin`.

use std::net::SocketAddr;

use auth_api_key::{ApiKey, Authenticator, NewKey, Routes, route, routes};
use axum::Router;

#[route("/orders", auth = "api_key", groups = ["shop"], methods = ["GET"])]
async fn orders(key: ApiKey) -> String {
    format!("the orders of {}\n", key.user)
}

#[route("/health", auth = "none", methods = ["GET"])]
async fn health() -> &'static str {
    "up\n"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().init();
    let file = std::env::var("DATABASE_URL").unwrap_or("sqlite:admin.db".to_owned());
    let auth = Authenticator::connect(&file).await?;
    auth.groups().put("shop", "Web shop").await?;
    // The first manager. The next ones get their keys on the pages.
    if auth.keys().get("admin").await?.is_none() {
        let key = NewKey::new("admin", "admin").groups(["key-managers"]);
        let created = auth.keys().create(key).await?;
        println!("sign in with {}", created.secret.expose());
    }
    let routes: Routes<Authenticator> = routes![orders, health];
    let pages = auth
        .admin_pages("http://localhost:3000", "key-managers")?
        .viewers("key-viewers")
        .routes(&routes.under(""));
    let app = Router::from(routes)
        .nest("/admin", pages.into())
        .with_state(auth);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("open http://localhost:3000/admin");
    // Keys with networks need the caller's address.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).await?;
    Ok(())
}
