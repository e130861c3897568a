//! Every example, run as the README says: it prints commands, they do what they say, and it stops
//! cleanly.

use tests::{
    example::{Curl, Example, cargo_run},
    postgres, send,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn my_service_serves_the_key_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start("my_service", &folder);
    let first = example.command();
    assert_eq!(first.path, "/my_service");
    let answer = first.run().await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "hello demo, you act for user demo-user\n")
    );
    let answer = first.run_with(None).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "missing_api_key")
    );
    let answer = first.run_with(Some("API-KEY: wrong")).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "invalid_api_key")
    );
    example.stop("-INT");

    // The same file again: the key gets a new text, and the old one is over.
    let mut example = Example::start("my_service", &folder);
    let second = example.command();
    assert_eq!(second.run().await.status, 200);
    assert_eq!(
        second.run_with(first.header.as_deref()).await.code(),
        "invalid_api_key"
    );
    example.stop("-TERM");
}

/// Runs an example, and all the commands that it prints.
async fn statuses<const N: usize>(name: &str) -> [u16; N] {
    statuses_with(name, &[]).await
}

/// As [`statuses`], in an environment with these variables.
async fn statuses_with<const N: usize>(name: &str, variables: &[(&str, &str)]) -> [u16; N] {
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start_with(name, &folder, variables);
    let mut statuses = [0; N];
    for status in &mut statuses {
        *status = example.command().run().await.status;
    }
    example.stop("-TERM");
    statuses
}

#[tokio::test]
async fn admin_serves_pages_beside_its_routes() {
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start("admin", &folder);
    let (health, orders) = (example.command(), example.command());
    assert_eq!(health.run().await.status, 200);
    assert_eq!(orders.run().await.status, 401);
    for status in [200, 401] {
        let Curl {
            address,
            path,
            header,
        } = example.command();
        // With the host of the pages.
        let mut request = reqwest::Client::new().get(format!("http://{address}{path}"));
        if let Some((name, value)) = header.as_deref().and_then(|header| header.split_once(": ")) {
            request = request.header(name, value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let page = answer.text().await.unwrap();
        assert_eq!(page.contains("<bdi>ada</bdi>"), status == 200, "{page}");
    }
    // For another host there are no pages.
    let page = send(&health.address, "GET", "/admin/sign-in", &[], b"").await;
    assert_eq!(page.status, 421);
    example.stop("-TERM");
}

#[tokio::test]
async fn groups_admits_and_forbids_as_it_says() {
    assert_eq!(statuses("groups").await, [200, 403, 200]);
}

#[tokio::test]
async fn controller_admits_and_forbids_as_it_says() {
    assert_eq!(statuses("controller").await, [200, 403, 200]);
}

#[tokio::test]
async fn custom_auth_admits_by_its_own_method_and_by_key() {
    assert_eq!(statuses("custom_auth").await, [200, 200]);
}

#[tokio::test]
async fn layer_admits_the_key_it_prints() {
    assert_eq!(statuses("layer").await, [200]);
}

#[tokio::test]
async fn plain_axum_admits_the_key_it_prints_and_greets_strangers() {
    assert_eq!(statuses("plain_axum").await, [200, 200]);
}

#[tokio::test]
async fn environment_keys_knows_only_the_text_of_the_environment() {
    let name = "environment_keys";
    assert_eq!(statuses(name).await, [200, 401]);
    let own = [("AUTH_API_KEY_WEBSHOP", " swordfish\n")];
    assert_eq!(statuses_with(name, &own).await, [401, 200]);
    let section = "[api_key_webshop]\nkey = swordfish\n";
    let config = [
        ("SERVER_ENV_CONFIG", "[api_key_webshop]\nkey = other"),
        ("SERVER_ENV_CONFIG_SECRET", section),
    ];
    assert_eq!(statuses_with(name, &config).await, [401, 200]);
    // What a secret refers to may be in the other variable.
    let config = [
        ("SERVER_ENV_CONFIG", "[api_key_webshop]\nkey = %(text)s"),
        ("SERVER_ENV_CONFIG_SECRET", "[DEFAULT]\ntext = swordfish"),
    ];
    assert_eq!(statuses_with(name, &config).await, [401, 200]);
    let marked = [(
        "SERVER_ENV_CONFIG",
        "\u{feff}[api_key_webshop]\r\nkey = swordfish",
    )];
    assert_eq!(statuses_with(name, &marked).await, [401, 200]);
    let marked = [("AUTH_API_KEY_WEBSHOP", "\u{feff}swordfish")];
    assert_eq!(statuses_with(name, &marked).await, [401, 200]);
    // Two of those that Kubernetes makes for a Service `auth-api-key`.
    let service = [
        ("AUTH_API_KEY_WEBSHOP", "swordfish"),
        ("AUTH_API_KEY_SERVICE_PORT", "80"),
        ("AUTH_API_KEY_PORT_80_TCP_PORT", "80"),
    ];
    assert_eq!(statuses_with(name, &service).await, [401, 200]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.ini");
    std::fs::write(&path, section).unwrap();
    let file = [("KEYS_FILE", path.to_str().unwrap())];
    assert_eq!(statuses_with(name, &file).await, [401, 200]);
}

/// What an example prints that ends by itself.
fn printed(name: &str) -> Vec<String> {
    let output = cargo_run(&["--example", name])
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().map(str::to_owned).collect()
}

#[test]
fn rotation_admits_both_texts_for_as_long_as_it_says() {
    let expected = [
        "created: the key is admitted as webshop",
        "rotated, with an overlap of 2s:",
        "  the old text is admitted as webshop",
        "  the new text is admitted as webshop",
        "after the overlap:",
        "  the old text is refused: ExpiredKey",
        "  the new text is admitted as webshop",
    ];
    assert_eq!(printed("rotation"), expected);
}

#[test]
fn trail_says_who_did_what() {
    let expected = [
        "alice created webshop: groups, texts, user",
        "bob rotated webshop: texts",
        "sql archived webshop: active",
        "alice deleted webshop: active, groups, user",
    ];
    assert_eq!(printed("trail"), expected);
}

#[test]
fn cluster_refuses_on_one_node_what_the_other_has_deleted() {
    if !postgres::is_there() {
        return;
    }
    let printed = printed("cluster");
    let refused = printed.iter().filter(|line| line.contains("refuses it"));
    assert_eq!(refused.count(), 5, "{printed:?}");
}

#[tokio::test]
async fn odoo_controller_answers_requests_and_calls() {
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start("odoo_controller", &folder);
    let service = example.command();
    let answer = service.run().await;
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (&json["partner_id"], &json["lang"]),
        (&42.into(), &"fr".into())
    );
    assert_eq!(service.run_with(Some("API-KEY: wrong")).await.status, 403);

    let call = example.command();
    let key = call.header.unwrap();
    let headers = [key.as_bytes(), b"Content-Type: application/json"];
    let body = br#"{"params": {"a": 1}, "id": 7}"#;
    let answer = send(&call.address, "POST", &call.path, &headers, body).await;
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (&json["id"], &json["result"]["sum"]),
        (&7.into(), &3.into())
    );
    let answer = send(&call.address, "POST", &call.path, &headers[1..], body).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("werkzeug.exceptions.Unauthorized"),
        "{answer:?}"
    );
    example.stop("-TERM");
}

#[tokio::test]
async fn limits_refuses_the_second_request_of_a_key() {
    assert_eq!(statuses("limits").await, [200, 429]);
}

#[tokio::test]
async fn shop_shows_its_stock_to_all_and_orders_to_the_key_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start("shop", &folder);
    let [stock, create, list] = std::array::from_fn(|_| example.command());
    assert_eq!(stock.run().await.status, 200);
    assert_eq!(create.run_with(None).await.code(), "missing_api_key");
    assert_eq!(list.run().await.body, "[]");
    example.stop("-INT");
}

#[tokio::test]
async fn streams_end_when_their_key_is_archived() {
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start("streams", &folder);
    let events = example.command();
    let key = events.header.clone().unwrap();
    let socket = async {
        let mut socket = TcpStream::connect(&events.address).await.unwrap();
        let handshake = format!(
            "GET /socket HTTP/1.1\r\nHost: x\r\n{key}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.write_all(handshake.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // As far as the server's close frame, which waits for ours.
        while !answer.ends_with(b"the API key is not valid any more") {
            assert_ne!(socket.read_buf(&mut answer).await.unwrap(), 0);
        }
        answer
    };
    let (events, socket) = tokio::join!(events.run(), socket);
    assert!(socket.starts_with(b"HTTP/1.1 101 "));
    assert_eq!(events.status, 200);
    assert!(events.body.contains("data: second 1"), "{}", events.body);
    example.stop("-TERM");
}
