//! The address that handlers get for a request, and which of several authenticators a route uses.

use std::net::SocketAddr;

use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator, NewKey, extract::Caller, route, routes};
use axum::{
    Router,
    extract::{FromRef, connect_info::MockConnectInfo},
    routing::get,
};
use tests::{GatedStore, Server};

#[route("/whence", auth = "api_key")]
async fn whence(Caller(address): Caller) -> String {
    format!("{address:?}")
}

#[route("/name", auth = "api_key", groups = ["staff"])]
async fn staff_only(key: ApiKey) -> String {
    key.name.clone()
}

#[route("/other", auth = "api_key")]
async fn other(key: ApiKey) -> String {
    key.name.clone()
}

async fn plain(Caller(address): Caller) -> String {
    format!("{address:?}")
}

async fn authenticator(key: NewKey) -> Authenticator {
    let builder = Authenticator::builder().proxies(["127.0.0.0/8".parse().unwrap()]);
    let auth = builder.build(GatedStore::default()).await.unwrap();
    auth.keys().create(key).await.unwrap();
    auth
}

fn app(auth: Authenticator) -> Router {
    Router::new()
        .merge(routes![whence])
        .route("/plain", get(plain))
        .with_state(auth)
}

#[tokio::test]
async fn caller_has_the_address_that_the_proxies_name() {
    let key = NewKey::new("key", "user").text("good-key");
    let server = Server::start_knowing_addresses(app(authenticator(key).await)).await;
    for path in ["/whence", "/plain"] {
        for (forwarded, expected) in [
            ("198.51.100.7", "Some(198.51.100.7)"),
            ("203.0.113.9, 198.51.100.7, 127.0.0.2", "Some(198.51.100.7)"),
            ("unknown", "None"),
        ] {
            let forwarded = format!("X-Forwarded-For: {forwarded}");
            let headers = [&b"API-KEY: good-key"[..], forwarded.as_bytes()];
            assert_eq!(server.get(path, &headers).await.body, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn caller_is_unknown_if_the_server_does_not_find_out_addresses() {
    let key = NewKey::new("key", "user").text("good-key");
    let server = Server::start(app(authenticator(key).await)).await;
    let headers: [&[u8]; 2] = [b"API-KEY: good-key", b"X-Forwarded-For: 198.51.100.7"];
    assert_eq!(server.get("/whence", &headers).await.body, "None");
}

#[tokio::test]
async fn mocked_peer_is_the_caller_and_is_checked_against_networks() {
    let key = NewKey::new("key", "user").text("good-key");
    let key = key.networks(["192.0.2.0/24".parse().unwrap()]);
    let auth = authenticator(key).await;
    for (peer, status) in [("192.0.2.1:80", 200), ("198.51.100.7:80", 403)] {
        let peer: SocketAddr = peer.parse().unwrap();
        let app = app(auth.clone()).layer(MockConnectInfo(peer));
        let server = Server::start(app).await;
        let answer = server.get_with_key("/whence", "good-key").await;
        assert_eq!(answer.status, status);
        let answer = server.get("/plain", &[]).await;
        assert_eq!(answer.body, format!("Some({})", peer.ip()));
    }
}

#[derive(Clone, FromRef)]
struct Internal {
    auth: Authenticator,
}

#[derive(Clone, FromRef)]
struct External {
    auth: Authenticator,
}

#[tokio::test]
async fn key_of_one_authenticator_is_refused_by_routes_of_another() {
    let key = |name: &str| NewKey::new(name, "user").text(name).groups(["staff"]);
    let internal = authenticator(key("internal")).await;
    let external = authenticator(key("external")).await;
    let layered = Router::new()
        .route("/layered", get(async || "external"))
        .route_layer(ApiKeyLayer::new(&external));
    let internal = Router::new()
        .merge(routes![staff_only])
        .with_state(Internal { auth: internal });
    let external = Router::new()
        .merge(routes![other])
        .with_state(External { auth: external });
    let server = Server::start(internal.merge(external).merge(layered)).await;
    for (path, own, foreign) in [
        ("/name", "internal", "external"),
        ("/other", "external", "internal"),
        ("/layered", "external", "internal"),
    ] {
        let answer = server.get_with_key(path, own).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, own), "{path}");
        let answer = server.get_with_key(path, foreign).await;
        assert_eq!(answer.status, 401, "{path}");
    }
}

#[tokio::test]
async fn layer_and_route_each_ask_for_a_group() {
    let auth = authenticator(
        NewKey::new("both", "user")
            .text("both")
            .groups(["staff", "shop"]),
    );
    let auth = auth.await;
    let staff = NewKey::new("staff", "user").text("staff").groups(["staff"]);
    auth.keys().create(staff).await.unwrap();
    let app = Router::new()
        .merge(routes![staff_only])
        .layer(ApiKeyLayer::new(&auth).groups(["shop"]))
        .with_state(auth);
    let server = Server::start(app).await;
    assert_eq!(server.get_with_key("/name", "both").await.status, 200);
    assert_eq!(server.get_with_key("/name", "staff").await.status, 403);
}
