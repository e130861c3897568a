//! The page of the example `openapi`, used as a person does: in a Chromium, by a mouse and a keyboard.

use serde_json::json;
use tests::{
    browser::{Driver, Page},
    example::Example,
    send,
};

/// What the page shows for the answer to the request that it sends.
async fn executed(page: &Page) -> String {
    page.click(".execute").await;
    let answer = page.find(".live-responses-table tr.response").await;
    answer.text().await.unwrap()
}

#[tokio::test]
async fn key_is_entered_on_the_page_and_a_guarded_route_is_called() {
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

    let page = driver.page(&json!({})).await;
    page.0.set_window_size(1200, 1400).await.unwrap();
    page.0.goto(&format!("{origin}/docs")).await.unwrap();
    page.click("#operations-default-whoami .opblock-summary-control")
        .await;
    page.click(".try-out__btn").await;
    let answer = executed(&page).await;
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
    let answer = executed(&page).await;
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
    let asked = page.run_script(asked).await;
    for address in asked.as_array().unwrap() {
        let address = address.as_str().unwrap();
        // Its icons are in its style sheet.
        let is_here = address.starts_with(&origin) || address.starts_with("data:");
        assert!(is_here, "{address}");
    }
    assert!(asked.as_array().unwrap().len() > 3, "{asked}");
    let kept = "return [localStorage.length, sessionStorage.length, document.cookie]";
    assert_eq!(page.run_script(kept).await, json!([0, 0, ""]));

    page.0.close().await.unwrap();
    example.stop("-TERM");
}
