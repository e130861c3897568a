//! Lists of routes: nested, merged, and with routes that `#[cfg]` removes.

use auth_api_key::{Authenticator, Routes, route, routes};
use axum::Router;
use tests::Server;

async fn serve(routes: Routes<()>) -> Server {
    Server::start(Router::new().merge(routes)).await
}

#[route(["/", "/shared"], auth = "none", methods = ["GET"], cors = "https://app.example.com")]
async fn root() -> &'static str {
    "root"
}

#[tokio::test]
async fn nested_list_answers_and_is_shown_under_its_prefix() {
    let routes: Routes<()> = routes![root];
    let table = routes.under("/api/").to_string();
    let paths: Vec<&str> = table
        .lines()
        .map(|line| line.split_whitespace().nth(1).unwrap())
        .collect();
    assert_eq!(paths, ["PATH", "/api", "/api/shared"]);
    assert!(table.contains("  https://app.example.com  "), "{table}");
    let app = Router::new().nest("/api", routes.into());
    let server = Server::start(app).await;
    for path in &paths[1..] {
        assert_eq!(server.get(path, &[]).await.body, "root", "{path}");
    }
}

mod one_path {
    use auth_api_key::route;

    #[route("/a/{id}", auth = "none", methods = ["GET"])]
    pub(crate) async fn get(id: u8) -> String {
        format!("get {id}")
    }

    #[route("/a/{id}", auth = "none", methods = ["POST"])]
    pub(crate) async fn post(id: u8) -> String {
        format!("post {id}")
    }
}

#[tokio::test]
async fn routes_with_one_path_and_different_methods_share_a_router() {
    let server = serve(routes![one_path::get, one_path::post]).await;
    assert_eq!(server.get("/a/7", &[]).await.body, "get 7");
    let answer = server.send("POST", "/a/7", &[], b"").await;
    assert_eq!(answer.body, "post 7");
    assert_eq!(server.send("PUT", "/a/7", &[], b"").await.status, 405);
}

#[tokio::test]
async fn merged_lists_are_one() {
    let lists = routes![one_path::get].merge(routes![root, one_path::post]);
    assert_eq!(lists.iter().count(), 3);
    let server = serve(lists).await;
    assert_eq!(server.get("/a/7", &[]).await.body, "get 7");
    let answer = server.send("POST", "/a/7", &[], b"").await;
    assert_eq!(answer.body, "post 7");
    assert_eq!(server.get("/shared", &[]).await.status, 200);
}

#[test]
fn lists_that_clash_name_both_handlers() {
    mod other {
        use auth_api_key::route;

        #[route("/a/{name}", auth = "none")]
        pub(super) async fn any(name: String) -> String {
            name
        }
    }
    let merged = std::panic::catch_unwind(|| {
        let lists: Routes<()> = routes![root, one_path::get];
        lists.merge(routes![other::any])
    });
    let message = *merged.err().unwrap().downcast::<String>().unwrap();
    for part in [
        "two routes answer the same requests",
        "http::lists::one_path::get /a/{id} at tests/tests/http/lists.rs:",
        "other::any /a/{name} at tests/tests/http/lists.rs:",
        "help: ",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[route("/absent", auth = "none")]
#[cfg(any())]
async fn absent() -> NoSuchType {}

#[route("/debug", auth = "none")]
async fn debug() -> &'static str {
    "debug"
}

#[route("/build", auth = "none", methods = ["GET"])]
async fn build() -> &'static str {
    "this build"
}

#[route("/build", auth = "none")]
async fn another_build() -> &'static str {
    "another build"
}

#[tokio::test]
async fn route_that_cfg_removes_from_a_list_is_not_mounted() {
    let list = routes![
        root,
        #[cfg(any())]
        debug,
        #[cfg(not(test))]
        another_build,
        #[cfg_attr(test, cfg(test))]
        build,
        #[cfg_attr(test, cfg(not(test)))]
        another_build,
        #[cfg(any())]
        absent,
    ];
    let handlers: Vec<_> = list.iter().map(|route| route.handler).collect();
    assert_eq!(handlers, ["http::lists::root", "http::lists::build"]);
    let server = serve(list).await;
    assert_eq!(server.get("/debug", &[]).await.status, 404);
    let answer = server.get("/build", &[]).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "this build"));
    let all = serve(routes![debug, another_build]).await;
    assert_eq!(all.get("/debug", &[]).await.body, "debug");
}

#[tokio::test]
async fn list_is_empty_if_cfg_removes_all_routes() {
    let list = routes![
        #[cfg(any())]
        debug,
        #[cfg(not(test))]
        Absent,
    ];
    assert_eq!(list.iter().count(), 0);
    assert_eq!(serve(list).await.get("/debug", &[]).await.status, 404);
}

#[route("/all", auth = "api_key")]
async fn all_methods() {}

#[route("/all", auth = "none", methods = ["POST"])]
async fn post_alone() {}

#[route("/all", auth = "none", methods = ["OPTIONS"])]
async fn options_alone() {}

#[test]
fn router_that_overlaps_a_route_for_all_methods_cannot_be_merged() {
    let guarded = || Router::<Authenticator>::new().merge(routes![all_methods]);
    let others: [fn() -> Router<Authenticator>; 4] = [
        || Router::new().merge(routes![post_alone]),
        || Router::new().merge(routes![options_alone]),
        || Router::new().route("/all", axum::routing::delete(|| async {})),
        || Router::new().route("/all", axum::routing::options(|| async {})),
    ];
    for other in others {
        let merged = [
            std::panic::catch_unwind(|| guarded().merge(other())),
            std::panic::catch_unwind(|| other().merge(guarded())),
        ];
        for merged in merged {
            let said = *merged.unwrap_err().downcast::<String>().unwrap();
            assert!(said.contains("Overlapping method route"), "{said}");
        }
    }
}
