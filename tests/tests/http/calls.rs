//! What other code can do with the `Call` that a route's function takes: only run the route, guard first.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use auth_api_key::{
    __private::{AnswerFuture, Call, Run},
    ApiKey, Authenticator, NewKey, controller,
    key::KeyUpdate,
    route, routes,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    handler::Handler,
    http::StatusCode,
    response::Response,
    routing::{MethodRouter, get},
};
use tests::GatedStore;
use tower::{Service, ServiceExt};

#[route("/stock", auth = "api_key")]
async fn stock(key: ApiKey) -> String {
    format!("stock for {}", key.name)
}

#[route("/orders", auth = "api_key", groups = ["shop"])]
async fn orders(key: ApiKey) -> String {
    format!("orders for {}", key.name)
}

async fn with_key(groups: &[&str]) -> Authenticator {
    let auth = Authenticator::builder().build(GatedStore::default());
    let auth = auth.await.unwrap();
    let key = NewKey::new("ours", "user").text("ours-text");
    let key = key.groups(groups.iter().copied());
    auth.keys().create(key).await.unwrap();
    auth
}

async fn ask(app: &Router, path: &str, key: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::builder().uri(path);
    if let Some(key) = key {
        request = request.header("api-key", key);
    }
    let request = request.body(Body::empty()).unwrap();
    read(app.clone().oneshot(request).await.unwrap()).await
}

async fn read(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A user's handler that takes the call of another route without naming its type.
fn around<R: Run<Authenticator>>(
    _: fn(Call<R, Authenticator>) -> AnswerFuture,
) -> MethodRouter<Authenticator> {
    get(async |call: Call<R, Authenticator>| call.run().await)
}

#[tokio::test]
async fn call_that_another_handler_extracted_is_verified() {
    let auth = with_key(&[]).await;
    let app = Router::new()
        .route("/stock", around(stock))
        .route("/orders", around(orders))
        .with_state(auth);
    let ours = Some("ours-text");
    let stock = (StatusCode::OK, "stock for ours".to_owned());
    assert_eq!(ask(&app, "/stock", ours).await, stock);
    for (path, key, status) in [
        ("/stock", None, StatusCode::UNAUTHORIZED),
        ("/stock", Some("wrong"), StatusCode::UNAUTHORIZED),
        ("/orders", None, StatusCode::UNAUTHORIZED),
        ("/orders", ours, StatusCode::FORBIDDEN),
    ] {
        assert_eq!(ask(&app, path, key).await.0, status, "{path} {key:?}");
    }
}

type Kept<R> = Arc<Mutex<Vec<Call<R, Authenticator>>>>;

/// A handler that keeps the calls of another route.
fn keep<R: Run<Authenticator>>(
    _: fn(Call<R, Authenticator>) -> AnswerFuture,
) -> (Kept<R>, MethodRouter<Authenticator>) {
    let kept = Kept::default();
    let keep = Arc::clone(&kept);
    let handler = get(async move |call: Call<R, Authenticator>| keep.lock().unwrap().push(call));
    (kept, handler)
}

#[tokio::test]
async fn kept_call_is_refused_after_a_revocation() {
    let auth = with_key(&["shop"]).await;
    let (kept, keep) = keep(orders);
    let app = Router::new()
        .route("/keep", keep)
        .merge(routes![orders])
        .with_state(auth.clone());
    for _ in 0..2 {
        ask(&app, "/keep", Some("ours-text")).await;
    }
    let run = async || {
        let call = kept.lock().unwrap().pop().unwrap();
        read(orders(call).await).await
    };
    let expected = (StatusCode::OK, "orders for ours".to_owned());
    assert_eq!(ask(&app, "/orders", Some("ours-text")).await, expected);
    assert_eq!(run().await, expected);
    auth.keys().archive("ours").await.unwrap();
    assert_eq!(run().await.0, StatusCode::UNAUTHORIZED);
}

#[derive(Clone)]
struct Shop;

#[controller("/shop", auth = "api_key", groups = ["shop"])]
impl Shop {
    #[route("/prices")]
    async fn prices(key: ApiKey) -> String {
        format!("prices for {}", key.name)
    }

    #[route("/offers", auth = "public")]
    async fn offers(key: Option<ApiKey>) -> String {
        format!("offers for {}", key.is_some())
    }
}

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn call_that_is_awaited_after_a_revocation_is_refused() {
    let auth = Authenticator::for_tests();
    let (mut prices, mut offers) = (
        Shop::prices.with_state(auth.clone()),
        Shop::offers.with_state(auth.clone()),
    );
    for (name, status) in [
        ("archived", StatusCode::UNAUTHORIZED),
        ("deleted", StatusCode::UNAUTHORIZED),
        ("moved", StatusCode::FORBIDDEN),
        ("untouched", StatusCode::OK),
        ("expired", StatusCode::UNAUTHORIZED),
    ] {
        let key = NewKey::new(name, "user").text(name).groups(["shop"]);
        let key = key.expires_at(SystemTime::now() + HOUR);
        auth.keys().create(key).await.unwrap();
        // Now the key is in memory.
        auth.verify(name, &["shop"], None).await.unwrap();
        let request = || {
            Request::builder()
                .header("api-key", name)
                .body(Body::empty())
        };
        let kept = [
            prices.call(request().unwrap()),
            offers.call(request().unwrap()),
        ];
        match name {
            "archived" => {
                auth.keys().archive(name).await.unwrap();
            }
            "deleted" => {
                auth.keys().delete(name).await.unwrap();
            }
            "moved" => {
                let update = KeyUpdate::new().groups(["erp"]);
                auth.keys().update(name, update).await.unwrap();
            }
            "expired" => auth.advance(HOUR),
            _ => {}
        }
        let [prices, offers] = futures_util::future::join_all(kept)
            .await
            .try_into()
            .unwrap();
        assert_eq!(prices.unwrap().status(), status, "{name}");
        let of_nobody = status == StatusCode::UNAUTHORIZED;
        let expected = if of_nobody { status } else { StatusCode::OK };
        assert_eq!(offers.unwrap().status(), expected, "{name}");
    }
}
