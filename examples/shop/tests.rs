//! The service without a socket: what a caller with a key sees, and what one without does not.

use auth_api_key::{
    Authenticator, NewKey,
    testing::{Expected, assert_closed},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::app::{AppState, app, routes};

/// The service, with keys of two customers, and one that may not order.
async fn shop() -> Router {
    let auth = Authenticator::for_tests();
    let key = |name: &str| NewKey::new(name, format!("user of {name}")).text(name);
    let keys = [
        key("anna").groups(["orders"]),
        key("bert").groups(["orders"]),
        key("guest"),
    ];
    auth.keys().create_all(keys).await.unwrap();
    app(AppState::new(auth))
}

/// One request, with a key if there is one, and its answer.
async fn call(
    shop: &Router,
    key: Option<&str>,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(key) = key {
        request = request.header("API-KEY", key);
    }
    let request = match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    };
    let answer = shop.clone().oneshot(request.unwrap()).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn all_guards_are_closed() {
    let auth = Authenticator::for_tests();
    let nobody = auth.test_key("nobody", &[]).await;
    let expected = Expected::from(&routes()).stranger(&nobody);
    assert_closed(expected, app(AppState::new(auth))).await;
}

#[tokio::test]
async fn only_keys_of_the_group_may_order() {
    let shop = shop().await;
    let lamp = || Some(json!({"article": "lamp", "pieces": 1}));
    let (status, answer) = call(&shop, None, "POST", "/orders", lamp()).await;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::UNAUTHORIZED, &json!("missing_api_key"))
    );
    let (status, _) = call(&shop, Some("guest"), "POST", "/orders", lamp()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, answer) = call(&shop, Some("anna"), "POST", "/orders", lamp()).await;
    assert_eq!((status, &answer["id"]), (StatusCode::CREATED, &json!(1)));
}

#[tokio::test]
async fn nobody_sees_the_orders_of_others() {
    let shop = shop().await;
    let chairs = Some(json!({"article": "chair", "pieces": 2}));
    call(&shop, Some("anna"), "POST", "/orders", chairs).await;
    let (_, own) = call(&shop, Some("anna"), "GET", "/orders?article=chair", None).await;
    assert_eq!(own, json!([{"id": 1, "article": "chair", "pieces": 2}]));
    assert_eq!(
        call(&shop, Some("bert"), "GET", "/orders", None).await.1,
        json!([])
    );
    let (status, _) = call(&shop, Some("bert"), "GET", "/orders/1", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(
        call(&shop, Some("anna"), "GET", "/orders/1", None).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn who_orders_more_than_there_is_gets_none() {
    let shop = shop().await;
    let lamps = |pieces: u32| Some(json!({"article": "lamp", "pieces": pieces}));
    let (status, answer) = call(&shop, Some("anna"), "POST", "/orders", lamps(6)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(answer["detail"], "There are only 5 pieces of \"lamp\".");
    let unknown = Some(json!({"article": "table", "pieces": 1}));
    let (status, _) = call(&shop, Some("anna"), "POST", "/orders", unknown).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, stock) = call(&shop, Some("guest"), "GET", "/stock", None).await;
    assert_eq!(
        stock[1],
        json!({"name": "lamp", "title": "A lamp", "pieces": 5})
    );
}

#[tokio::test]
async fn everybody_sees_the_stock_and_only_keys_see_how_much() {
    let shop = shop().await;
    let (status, stock) = call(&shop, None, "GET", "/stock", None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(stock[0], json!({"name": "chair", "title": "A chair"}));
    let (status, _) = call(&shop, Some("wrong"), "GET", "/stock", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
