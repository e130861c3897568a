//! A Chromium, used as people do: by mouse and keyboard.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use serde_json::{Value, json};

use crate::skip;

/// A program by which WebDriver drives a Chromium.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// `None` if there is none.
    pub fn start() -> Option<Self> {
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

    /// A new browser, with these preferences.
    pub async fn page(&self, preferences: &Value) -> Page {
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"];
        let options = json!({"args": arguments, "prefs": preferences});
        let capabilities = Capabilities::from_iter([("goog:chromeOptions".to_owned(), options)]);
        let address = format!("http://127.0.0.1:{}", self.port);
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let builder = builder.capabilities(capabilities);
        Page(builder.connect(&address).await.unwrap())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An open page.
pub struct Page(pub Client);

impl Page {
    /// The first element that a selector finds, once there is one.
    pub async fn find(&self, css: &str) -> Element {
        let wait = self.0.wait().at_most(Duration::from_secs(120));
        let found = wait.for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// The result of a script.
    pub async fn run_script(&self, script: &str) -> Value {
        self.0.execute(script, Vec::new()).await.unwrap()
    }
}
