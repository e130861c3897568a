//! gRPC services, called by tonic's client: refusals have a status that gRPC callers know.

use auth_api_key::{ApiKey, ApiKeyLayer, Authenticator, NewKey, route, routes};
use axum::Router;
use tests::GatedStore;
use tokio::task::JoinHandle;
use tonic::{
    Code, Request, Status,
    service::Routes,
    transport::{Endpoint, Server, server::TcpIncoming},
};
use tonic_health::{
    pb::{
        HealthCheckRequest,
        health_client::HealthClient,
        health_server::{Health, HealthServer},
    },
    server::{HealthReporter, HealthService},
};

/// The service of tonic-health, which answers only if the key is in the call's extensions.
fn service() -> impl Health {
    HealthService::from_health_reporter(HealthReporter::new())
}

fn knows_the_key(call: Request<()>) -> Result<Request<()>, Status> {
    let key = call.extensions().get::<ApiKey>();
    match key.is_some_and(|key| key.name == "shop") {
        true => Ok(call),
        false => Err(Status::internal("the layer left no key")),
    }
}

async fn authenticator(store: &GatedStore) -> Authenticator {
    let auth = Authenticator::builder().build(store.clone()).await.unwrap();
    let shop = NewKey::new("shop", "user")
        .text("shop-key")
        .groups(["shop"]);
    auth.keys().create(shop).await.unwrap();
    let other = NewKey::new("other", "user").text("other-key");
    auth.keys().create(other).await.unwrap();
    auth
}

/// A server. It stops when it is dropped.
struct Serving {
    address: String,
    task: JoinHandle<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn listen() -> (TcpIncoming, String) {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = format!("http://{}", incoming.local_addr().unwrap());
    (incoming, address)
}

/// tonic's server, with the layer around all services.
fn layered_server(auth: Authenticator) -> Serving {
    let (incoming, address) = listen();
    let serving = Server::builder()
        .layer(ApiKeyLayer::new(auth).groups(["shop"]))
        .add_service(HealthServer::with_interceptor(service(), knows_the_key))
        .serve_with_incoming(incoming);
    let task = tokio::spawn(async { serving.await.unwrap() });
    Serving { address, task }
}

/// An axum router with other routes, and with the layer around the services.
fn layered_router(auth: Authenticator) -> Serving {
    let (incoming, address) = listen();
    let service = HealthServer::with_interceptor(service(), knows_the_key);
    let services = Routes::new(service).into_axum_router();
    let router = services.layer(ApiKeyLayer::new(auth).groups(["shop"]));
    let serving = Server::builder()
        .add_routes(router.into())
        .serve_with_incoming(incoming);
    let task = tokio::spawn(async { serving.await.unwrap() });
    Serving { address, task }
}

/// A guarded route at the path of the service: its guard answers gRPC callers in the same way.
fn guarded_route(auth: Authenticator) -> Serving {
    #[route("/grpc.health.v1.Health/Check", auth = "api_key", groups = ["shop"])]
    async fn check() {}

    let (incoming, address) = listen();
    let router: Router = Router::new().merge(routes![check]).with_state(auth);
    let serving = Server::builder()
        .add_routes(router.into())
        .serve_with_incoming(incoming);
    let task = tokio::spawn(async { serving.await.unwrap() });
    Serving { address, task }
}

async fn check(server: &Serving, key: Option<&'static str>) -> Result<(), Status> {
    let channel = Endpoint::new(server.address.clone())
        .unwrap()
        .connect()
        .await;
    let mut client = HealthClient::new(channel.unwrap());
    let mut call = Request::new(HealthCheckRequest::default());
    if let Some(key) = key {
        call.metadata_mut().insert("api-key", key.parse().unwrap());
    }
    client.check(call).await.map(|_| ())
}

#[tokio::test]
async fn refused_caller_gets_the_status_of_its_call() {
    let store = GatedStore::default();
    for server in [
        layered_server(authenticator(&store).await),
        layered_router(authenticator(&GatedStore::default()).await),
        guarded_route(authenticator(&GatedStore::default()).await),
    ] {
        for (key, code, message) in [
            (
                None,
                Code::Unauthenticated,
                "This resource asks for an API key.",
            ),
            (
                Some("wrong"),
                Code::Unauthenticated,
                "The API key is not valid.",
            ),
            (
                Some("other-key"),
                Code::PermissionDenied,
                "The API key is valid, but not for this resource.",
            ),
        ] {
            let status = check(&server, key).await.unwrap_err();
            assert_eq!(
                (status.code(), status.message()),
                (code, message),
                "{key:?}"
            );
        }
    }
}

#[tokio::test]
async fn admitted_call_carries_its_key() {
    for server in [
        layered_server(authenticator(&GatedStore::default()).await),
        layered_router(authenticator(&GatedStore::default()).await),
    ] {
        check(&server, Some("shop-key")).await.unwrap();
    }
}

#[tokio::test]
async fn call_that_cannot_be_checked_is_unavailable() {
    let store = GatedStore::default();
    let server = layered_server(authenticator(&store).await);
    store.set_failing(true);
    let status = check(&server, Some("shop-key")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}
