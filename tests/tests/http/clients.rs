//! Keys for tests, sent by the clients that tests of programs use.

use auth_api_key::{ApiKey, Authenticator, route, routes, testing::WithKey};
use axum::{Router, body::Body, http::Request};
use axum_test::TestServer;
use tests::Server;
use tower::ServiceExt;

#[route("/whoami", auth = "api_key", groups = ["shop"])]
async fn whoami(key: ApiKey) -> String {
    key.name.clone()
}

#[tokio::test]
async fn key_is_sent_in_the_same_way_by_tower_axum_test_and_reqwest() {
    let auth = Authenticator::for_tests();
    let anna = auth.test_key("anna", &["shop"]).await;
    let app = Router::new().merge(routes![whoami]).with_state(auth);

    let request = Request::get("/whoami").with_key(&anna);
    let request = request.body(Body::empty()).unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);

    let (name, value) = anna.header();
    let server = TestServer::new(app.clone());
    let answer = server.get("/whoami").add_header(name, value).await;
    answer.assert_text("anna");
    assert_eq!(server.get("/whoami").await.status_code(), 401);

    let (name, value) = anna.header();
    let server = Server::start(app).await;
    let address = format!("http://{}/whoami", server.address());
    let client = reqwest::Client::new();
    let request = client.get(&address).header(name, value);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "anna");
    // Its requests are made of those of the crate `http`.
    let request = Request::get(&address).with_key(&anna).body("").unwrap();
    let answer = client.execute(request.try_into().unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(client.get(&address).send().await.unwrap().status(), 401);
}
