//! The page of the example `openapi`, used as a person does: in a Chromium, by a mouse and a keyboard.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use serde_json::{Value, json};
use tests::{example::Example, send, skip};

/// A program by which WebDriver drives a Chromium.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// None where there is none.
    fn start() -> Option<Self> {
        let process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut process) = process else {
            skip("there is no `chromedriver` (packages `chromium` and `chromium-driver`)");
            return None;
        };
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let port = port.expect("it prints its port");
        Some(Self { process, port })
    }

    async fn browser(&self) -> Client {
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"];
        let options = json!({"args": arguments});
        let capabilities = Capabilities::from_iter([("goog:chromeOptions".to_owned(), options)]);
        let address = format!("http://127.0.0.1:{}", self.port);
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let builder = builder.capabilities(capabilities);
        builder.connect(&address).await.unwrap()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The page, open.
struct Page(Client);

impl Page {
    async fn find(&self, css: &str) -> Element {
        let wait = self.0.wait().at_most(Duration::from_secs(120));
        let found = wait.for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// What the page shows for the answer to the request that it sends.
    async fn executed(&self) -> String {
        self.click(".execute").await;
        let answer = self.find(".live-responses-table tr.response").await;
        answer.text().await.unwrap()
    }

    async fn asked(&self, script: &str) -> Value {
        self.0.execute(script, Vec::new()).await.unwrap()
    }
}

#[tokio::test]
async fn a_key_is_entered_on_the_page_and_a_guarded_route_is_called() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut example = Example::start("openapi", &folder);
    let [_, whoami] = std::array::from_fn(|_| example.command());
    let header = whoami.header.unwrap();
    let (_, key) = header.split_once(": ").unwrap();
    let origin = format!("http://{}", whoami.address);

    let answer = send(&whoami.address, "GET", "/docs/", &[], b"").await;
    let policy = answer.header("content-security-policy");
    assert_eq!(policy.as_deref(), Some("default-src 'self'"));

    let page = Page(driver.browser().await);
    page.0.set_window_size(1200, 1400).await.unwrap();
    page.0.goto(&format!("{origin}/docs")).await.unwrap();
    page.click("#operations-default-whoami .opblock-summary-control")
        .await;
    page.click(".try-out__btn").await;
    let answer = page.executed().await;
    assert!(
        answer.contains("401") && answer.contains("missing_api_key"),
        "{answer}"
    );

    page.click(".auth-wrapper .authorize").await;
    let field = page.find(".auth-container input").await;
    field.send_keys(key).await.unwrap();
    page.click(".auth-btn-wrapper .authorize").await;
    page.click(".auth-btn-wrapper .btn-done").await;
    page.click(".btn-clear").await;
    let answer = page.executed().await;
    assert!(answer.contains("200"), "{answer}");
    assert!(answer.contains("openapi-demo, for customer-7"), "{answer}");

    let screenshot = page.0.screenshot().await.unwrap();
    std::fs::write(
        concat!(env!("CARGO_TARGET_TMPDIR"), "/openapi.png"),
        screenshot,
    )
    .unwrap();
    // Nothing was asked of anybody else, and the key is kept nowhere.
    let asked = "return performance.getEntriesByType('resource').map(entry => entry.name)";
    let asked = page.asked(asked).await;
    for address in asked.as_array().unwrap() {
        let address = address.as_str().unwrap();
        // Its icons are in its style sheet.
        let is_here = address.starts_with(&origin) || address.starts_with("data:");
        assert!(is_here, "{address}");
    }
    assert!(asked.as_array().unwrap().len() > 3, "{asked}");
    let kept = "return [localStorage.length, sessionStorage.length, document.cookie]";
    assert_eq!(page.asked(kept).await, json!([0, 0, ""]));

    page.0.close().await.unwrap();
    example.stop("-TERM");
}
