//! A controller as an Odoo module would have it: one route of HTTP and one of JSON-RPC, answers in
//! Odoo's style, and a web page of another origin may call them.
//!
//!     cargo run --example odoo_controller

use std::error::Error;

use auth_api_key::{
    ApiKey, Authenticator, NewKey, controller, odoo::UserError, rejection::AnswerStyle, routes,
    store::MemoryStore,
};
use axum::{Json, Router, extract::FromRef};
use serde_json::{Value, json};

#[derive(Clone)]
struct MyController {
    company: &'static str,
}

#[controller(auth = "api_key", cors = "*")]
impl MyController {
    #[route("/my_service/{partner_id}?lang", methods = ["GET"])]
    async fn my_service(&self, key: ApiKey, partner_id: i64, lang: Option<String>) -> Json<Value> {
        let company = self.company;
        let uid = uid(&key);
        Json(json!({"company": company, "uid": uid, "partner_id": partner_id, "lang": lang}))
    }

    #[route("/my_json?a&b", type = "jsonrpc")]
    async fn my_json(key: ApiKey, a: i64, b: Option<i64>) -> Result<Value, UserError> {
        match a.checked_add(b.unwrap_or(2)) {
            Some(sum) => Ok(json!({"uid": uid(&key), "sum": sum})),
            None => Err(UserError::new("the sum is too large")),
        }
    }
}

/// The id of the user in Odoo: users are text here, since they are the application's.
fn uid(key: &ApiKey) -> Option<i64> {
    key.user.parse().ok()
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    controller: MyController,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    // Beside an Odoo: the feature `odoo`, and `OdooStore::open("postgres://…").await?`.
    let builder = Authenticator::builder().answers(AnswerStyle::Odoo);
    let auth = builder.build(MemoryStore::new()).await?;
    let created = auth.keys().create(NewKey::new("demo", "6")).await?;

    let routes = routes![MyController];
    println!("{routes}");

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let key = created.secret.expose();
    println!("curl -H 'API-KEY: {key}' 'http://{address}/my_service/42?lang=fr'");
    println!(
        "curl -H 'API-KEY: {key}' -H 'Content-Type: application/json' \
         -d '{{\"params\": {{\"a\": 1}}, \"id\": 7}}' http://{address}/my_json"
    );
    let controller = MyController {
        company: "My Company",
    };
    let app = Router::new()
        .merge(routes)
        .with_state(AppState { auth, controller });
    examples::serve(listener, app).await?;
    Ok(())
}
