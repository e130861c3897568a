//! An Odoo module's controller, moved: over the database of an Odoo, whose keys it takes, and with
//! Odoo's answers, so that callers notice nothing.
//!
//!     DATABASE_URL=postgres://reader@localhost/odoo cargo run --example odoo_demo
//!
//! `reader` may read what the page "Coming from Odoo" says, and `login` of `res_users`. Texts of keys
//! that `auth_api_key_server_env` configures are taken from `SERVER_ENV_CONFIG`, as Odoo takes them.

mod errors;

use std::{error::Error, time::Duration};

use auth_api_key::{
    ApiKey, Authenticator,
    authenticator::ArchivedUsers,
    controller,
    odoo::{
        Exception, File, FileResponse, Float, Int, InternalServerError, Kwargs, NotFound,
        OdooStore, UserError, make_json_response,
    },
    rejection::AnswerStyle,
    routes,
    routing::{JsonRequest, Params},
    store::EnvironmentKeys,
};
use axum::{
    Json, Router,
    extract::FromRef,
    http::{HeaderMap, StatusCode, Uri},
    response::{Html, Redirect},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tower::Layer;
use tower_http::normalize_path::NormalizePathLayer;

use self::errors::{Shown, failed, page};

type Object = Map<String, Value>;

#[derive(Clone)]
struct DemoApi {
    database: PgPool,
}

#[derive(Deserialize)]
struct SaleOrders {
    sale_orders: Vec<Value>,
}

// Odoo answers `OPTIONS` wherever there are `methods`; here it is one of them.
#[controller(auth = "api_key")]
impl DemoApi {
    #[route("/my_service", methods = ["GET", "POST", "OPTIONS"])]
    async fn my_service(
        &self,
        key: ApiKey,
        params: Kwargs<Object>,
    ) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({"params": params.0})).await
    }

    #[route("/my_service/{partner_id}", methods = ["GET", "OPTIONS"])]
    async fn my_partner(
        &self,
        key: ApiKey,
        partner_id: Int,
        mut params: Kwargs<Object>,
    ) -> Result<Json<Value>, InternalServerError> {
        // What the path captures hides a parameter of the same name.
        params.0.remove("partner_id");
        let answer = json!({"partner_id": partner_id, "params": params.0});
        self.answer(&key, answer).await
    }

    #[route(["/list_a", "/list_b/{n}"])]
    async fn list(
        &self,
        key: ApiKey,
        n: Option<Int>,
        uri: Uri,
    ) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({"n": n, "path": uri.path()})).await
    }

    #[route("/public", auth = "public")]
    async fn public(&self, key: Option<ApiKey>) -> Result<Json<Value>, InternalServerError> {
        match key {
            Some(key) => self.answer(&key, json!({})).await,
            None => {
                let public = "SELECT id::bigint, login FROM res_users WHERE login = 'public'";
                let public = sqlx::query_as(public).fetch_one(&self.database).await;
                let public: (i64, String) = public.map_err(failed).map_err(page)?;
                Ok(Json(
                    json!({"uid": public.0, "login": public.1, "api_key_id": null}),
                ))
            }
        }
    }

    #[route("/none", auth = "none")]
    async fn none() -> Json<Value> {
        Json(json!({"uid": null, "api_key_id": null}))
    }

    #[route("/cors", methods = ["GET"], cors = "*")]
    async fn cors(&self, key: ApiKey) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({})).await
    }

    #[route("/cors_post", methods = ["POST"], cors = "https://app.example.com")]
    async fn cors_post(&self, key: ApiKey) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({})).await
    }

    #[route("/cors_any", cors = "*")]
    async fn cors_any(&self, key: ApiKey) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({})).await
    }

    #[route("/my_json?a&b", type = "jsonrpc")]
    async fn my_json(&self, key: ApiKey, a: Value, b: Option<Value>) -> Result<Value, Exception> {
        let b = b.unwrap_or(json!(2));
        self.result(&key, json!({"a": a, "b": b})).await
    }

    #[route("/my_json_kw?a&b", type = "jsonrpc")]
    async fn my_json_kw(
        &self,
        key: ApiKey,
        a: Value,
        b: Option<Value>,
        Params(kw): Params<Object>,
    ) -> Result<Value, Exception> {
        let b = b.unwrap_or(json!(2));
        self.result(&key, json!({"a": a, "b": b, "kw": kw})).await
    }

    #[route("/cors_json", type = "jsonrpc", cors = "*")]
    async fn cors_json(&self, key: ApiKey) -> Result<Value, Exception> {
        self.result(&key, json!({})).await
    }

    #[route("/json_get?a", type = "jsonrpc", methods = ["GET", "POST", "OPTIONS"])]
    async fn json_get(&self, key: ApiKey, a: Value) -> Result<Value, Exception> {
        self.result(&key, json!({"a": a})).await
    }

    #[route("/args?a&b", type = "form")]
    async fn args(
        &self,
        key: ApiKey,
        a: String,
        b: Option<String>,
    ) -> Result<Json<Value>, InternalServerError> {
        let b = b.unwrap_or("2".to_owned());
        self.answer(&key, json!({"a": a, "b": b})).await
    }

    #[route("/float/{x}")]
    async fn float(&self, key: ApiKey, x: Float) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({"x": x})).await
    }

    #[route("/str/{s}")]
    async fn str(&self, key: ApiKey, s: String) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({"s": s})).await
    }

    #[route("/path/{*p}")]
    async fn path(&self, key: ApiKey, p: String) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({"p": p})).await
    }

    #[route("/groups")]
    async fn groups(&self, key: ApiKey) -> Result<Json<Value>, InternalServerError> {
        self.answer(&key, json!({"groups": key.groups})).await
    }

    #[route("/jerr?kind", type = "jsonrpc")]
    async fn jerr(kind: String) -> Result<(), Exception> {
        errors::named(&kind).map_or(Ok(()), Err)
    }

    #[route("/err/{kind}")]
    async fn err(kind: String) -> Shown {
        Shown::new(errors::named(&kind).map_or(Ok(()), Err))
    }

    #[route("/ret/{what}", methods = ["GET"])]
    async fn ret(what: String) -> Shown {
        match what.as_str() {
            "bytes" => Shown::new(Html("hello")),
            "none" => Shown::new(Html("")),
            "redirect" => Shown::new(Redirect::to("/none")),
            "json201" => {
                let created = make_json_response(json!({"created": true}));
                Shown::new((StatusCode::CREATED, created))
            }
            "404" => Shown::new(NotFound::default()),
            "list" => Shown::new(Exception::other(
                "builtins.TypeError",
                "a list is no answer",
            )),
            _ => Shown::new(()),
        }
    }

    #[route("/report", methods = ["GET", "OPTIONS"])]
    async fn report(key: ApiKey, headers: HeaderMap) -> FileResponse {
        let report = File::new(format!("Report for user {}", key.user));
        report.name("Räport 1.txt").as_attachment().answer(&headers)
    }

    // Callers send `{"sale_orders": […]}`, with an `id` or without, and no `params`.
    #[route("/sale_orders", type = "jsonrpc", methods = ["GET", "POST", "OPTIONS"])]
    async fn sale_orders(
        &self,
        key: ApiKey,
        JsonRequest(sent): JsonRequest<SaleOrders>,
    ) -> Result<Value, Exception> {
        if sent.sale_orders.is_empty() {
            Err(UserError::new("there is no order"))?;
        }
        let orders = sent.sale_orders.len();
        self.result(&key, json!({"orders": orders})).await
    }
}

impl DemoApi {
    /// Who is calling, as `request.env.user` and `request.auth_api_key_id` say, and `more`.
    async fn result(&self, key: &ApiKey, more: Value) -> Result<Value, Exception> {
        let uid: i64 = key.user.parse().map_err(failed)?;
        let login: String = sqlx::query_scalar("SELECT login FROM res_users WHERE id = $1")
            .bind(uid)
            .fetch_one(&self.database)
            .await
            .map_err(failed)?;
        let mut answer = json!({"uid": uid, "login": login, "api_key_id": key.id});
        if let (Some(answer), Value::Object(more)) = (answer.as_object_mut(), more) {
            answer.extend(more);
        }
        Ok(answer)
    }

    async fn answer(&self, key: &ApiKey, more: Value) -> Result<Json<Value>, InternalServerError> {
        self.result(key, more).await.map(Json).map_err(page)
    }
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Authenticator,
    demo: DemoApi,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let url = std::env::var("DATABASE_URL")
        .map_err(|_| "DATABASE_URL is not set; write that of an Odoo: postgres://…")?;
    let auth = Authenticator::builder()
        .answers(AnswerStyle::Odoo)
        .archived_users(ArchivedUsers::Ignore)
        .environment(EnvironmentKeys::from_env()?)
        .build(OdooStore::open(&url).await?)
        .await?;
    let demo = DemoApi {
        database: PgPoolOptions::new()
            .acquire_timeout(Duration::from_secs(2))
            .connect(&url)
            .await?,
    };

    let routes = routes![DemoApi];
    println!("{routes}");
    let document = Json(routes.openapi(&auth, "Demo", "1.0"));
    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    println!("curl -H 'API-KEY: …' http://{address}/my_service");

    let app = Router::new()
        .merge(routes)
        .with_state(AppState { auth, demo })
        .route("/openapi.json", get(async || document));
    // Odoo takes a path with a slash at its end for the one without.
    let app = NormalizePathLayer::trim_trailing_slash().layer(app);
    examples::serve(listener, Router::new().fallback_service(app)).await?;
    Ok(())
}
