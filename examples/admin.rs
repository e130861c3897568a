//! Pages on which operators create, rotate and revoke keys in a browser: open the address that it prints,
//! and sign in with the key that it prints. Under `/staff` are the same pages for whom the program knows itself.

use std::{env, error::Error, time::Duration};

use auth_api_key::{
    ApiKey, AuthMethod, Authenticator, NewKey, Routes, admin::Operator, key::Secret, route, routes,
};
use axum::{
    Router,
    http::{StatusCode, request::Parts},
};

#[route("/orders", auth = "api_key", groups = ["shop"], methods = ["GET"])]
async fn orders(key: ApiKey) -> String {
    format!("the orders of {}\n", key.user)
}

#[route("/health", auth = "none", methods = ["GET"])]
async fn health() -> &'static str {
    "up\n"
}

/// Admits whoever is logged in to the program. Here it is one person, who has the secret in a cookie.
struct Staff;

impl AuthMethod for Staff {
    type State = Secret;
    type Identity = Operator;
    type Rejection = (StatusCode, &'static str);

    async fn authenticate(
        parts: &mut Parts,
        session: &Secret,
    ) -> Result<Operator, Self::Rejection> {
        let cookie = parts.headers.get("cookie");
        let cookie = cookie.and_then(|cookie| cookie.to_str().ok());
        match cookie.and_then(|cookie| cookie.strip_prefix("session=")) {
            Some(sent) if sent == session.expose() => Ok(Operator::viewer("ada")),
            _ => Err((StatusCode::UNAUTHORIZED, "log in first\n")),
        }
    }
}

/// The key of the first manager. The others get theirs on the pages.
async fn first_manager(auth: &Authenticator) -> Result<String, auth_api_key::Error> {
    let created = match auth.keys().get("admin").await? {
        Some(_) => auth.keys().rotate("admin", Duration::ZERO).await?,
        None => {
            let key = NewKey::new("admin", "admin");
            auth.keys().create(key.groups(["key-managers"])).await?
        }
    };
    Ok(created.secret.expose().to_owned())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    // First, since a second start must not end the key of the first.
    let listener = examples::listen().await?;
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:admin.db".to_owned());
    let auth = Authenticator::connect(&url).await?;
    auth.groups().put("shop", "Web shop").await?;
    let key = first_manager(&auth).await?;

    let origin = format!("http://{}", listener.local_addr()?);
    let routes: Routes<Authenticator> = routes![orders, health];
    let pages = auth
        .admin_pages(&origin, "key-managers")?
        .viewers("key-viewers")
        .routes(&routes.under(""));
    let session = Secret::issue("session")?; // in production, a log-in makes one
    let cookie = format!("session={}", session.expose());
    let of_staff = auth.admin_pages_by::<Staff>(&origin, session)?;
    let app = Router::from(routes)
        .nest_service("/admin", Router::from(pages))
        .nest_service("/staff", Router::from(of_staff));

    println!("open {origin}/admin and sign in with {key}");
    println!("curl {origin}/health");
    println!("curl {origin}/orders");
    println!("curl -H 'Cookie: {cookie}' {origin}/staff/keys");
    println!("curl {origin}/staff/keys");
    examples::serve(listener, app.with_state(auth)).await?;
    Ok(())
}
