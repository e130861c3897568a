//! The pages in a Chromium, as people use them.

use std::{env, fs, net::SocketAddr, path::Path};

use auth_api_key::{Authenticator, NewKey, route, routes};
use axum::Router;
use fantoccini::Locator;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tests::{
    browser::{Driver, Page},
    send, skip,
};
use tokio::net::TcpListener;

use crate::access::key;

#[route("/orders", auth = "api_key", groups = ["shop"], methods = ["GET"])]
async fn orders() -> &'static str {
    "orders"
}

/// A program with the pages, and the key of a manager.
struct Program {
    address: SocketAddr,
    auth: Authenticator,
    database: String,
    manager: String,
}

impl Program {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let file = tempfile::tempdir().unwrap().keep().join("keys.db");
        let database = format!("sqlite:{}", file.display());
        let auth = Authenticator::connect(&database).await.unwrap();
        let manager = key(&auth.keys(), "alice", &["managers"]).await;
        let listed = routes![orders];
        let pages = auth
            .admin_pages(&format!("http://{address}"), "managers")
            .unwrap()
            .viewers("viewers")
            .routes(&listed.under(""));
        let app = Router::from(listed)
            .nest_service("/admin", Router::from(pages))
            .with_state(auth.clone());
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            address,
            auth,
            database,
            manager,
        }
    }

    fn page(&self, name: &str) -> String {
        format!("http://{}/admin/{name}", self.address)
    }

    /// The status of a request with a key.
    async fn status(&self, key: &str) -> u16 {
        let header = format!("API-KEY: {key}");
        send(self.address, "GET", "/orders", &[header.as_bytes()], b"")
            .await
            .status
    }
}

async fn typed(page: &Page, css: &str, text: &str) {
    let field = page.find(css).await;
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

async fn open(page: &Page, address: &str) {
    page.0.goto(address).await.unwrap();
}

async fn text(page: &Page) -> String {
    page.find("main").await.text().await.unwrap()
}

/// The text of a key, on the page that shows it once.
async fn secret(page: &Page) -> String {
    let field = page.find("#secret").await;
    field.prop("value").await.unwrap().unwrap()
}

async fn sign_in(page: &Page, program: &Program) {
    open(page, &program.page("keys")).await;
    typed(page, "[name=key]", &program.manager).await;
    page.click("main button").await;
    page.find("nav").await;
}

async fn picture(page: &Page, name: &str) {
    let picture = page.0.screenshot().await.unwrap();
    let path = format!("{}/admin-{name}.png", env!("CARGO_TARGET_TMPDIR"));
    fs::write(path, picture).unwrap();
}

#[tokio::test]
async fn key_is_created_used_rotated_and_archived_in_a_browser() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let program = Program::start().await;
    let page = driver.page(&json!({})).await;
    page.0.set_window_size(1200, 900).await.unwrap();
    sign_in(&page, &program).await;

    page.click("a[href=new-key]").await;
    typed(&page, "[name=name]", "web shop").await;
    typed(&page, "[name=user]", "user-7").await;
    typed(&page, "[name=groups]", "shop").await;
    page.click("main button").await;
    let first = secret(&page).await;
    assert_eq!(program.status(&first).await, 200);
    // Nothing of it is in the address, or in what was visited.
    assert!(
        !page
            .0
            .current_url()
            .await
            .unwrap()
            .as_str()
            .contains(&first)
    );

    page.click("main a").await;
    let select = page.find("[name=overlap]").await;
    select.select_by_value("24").await.unwrap();
    page.click("[action=rotate-key] button").await;
    let second = secret(&page).await;
    assert_eq!(
        (program.status(&first).await, program.status(&second).await),
        (200, 200)
    );

    // Whoever looks for a key by its text finds it, and leaves the text nowhere.
    page.click("a[href=keys]").await;
    typed(&page, "[name=text]", &second).await;
    page.click("[role=search] button").await;
    page.find("[name=text][value='web shop']").await;
    page.click("tbody a").await;
    page.find("[action=archive-key]").await;
    let left = "return [location.href, document.referrer, document.body.innerText].join()";
    let left = page.run_script(left).await.to_string();
    assert!(
        left.contains("web+shop") && !left.contains(&second),
        "{left}"
    );
    page.click("[action=archive-key] button").await;
    page.find(".done").await;
    assert_eq!(
        (program.status(&first).await, program.status(&second).await),
        (401, 401)
    );

    page.click("a[href=trail]").await;
    page.find("a[href=trail][aria-current]").await;
    let trail = text(&page).await;
    for said in ["created", "rotated", "archived", "alice", "web shop"] {
        assert!(trail.contains(said), "{said}: {trail}");
    }
    let select = page.find(".language select").await;
    select.select_by_value("de").await.unwrap();
    page.click(".language button").await;
    page.find("html[lang=de]").await;
    let trail = text(&page).await;
    assert!(
        trail.contains("Protokoll") && trail.contains("rotiert"),
        "{trail}"
    );
    page.click(".who button").await;
    page.find("[action=sign-in]").await;
    open(&page, &program.page("keys")).await;
    page.find("[action=sign-in]").await;
    page.0.close().await.unwrap();
}

#[tokio::test]
async fn all_of_it_works_without_script() {
    let Some(driver) = Driver::start() else {
        return;
    };
    let program = Program::start().await;
    let without = json!({"profile.managed_default_content_settings.javascript": 2});
    let page = driver.page(&without).await;
    sign_in(&page, &program).await;
    page.click("a[href=new-key]").await;
    typed(&page, "[name=name]", "web shop").await;
    typed(&page, "[name=user]", "user-7").await;
    typed(&page, "[name=groups]", "shop").await;
    page.click("main button").await;
    let text_of_key = secret(&page).await;
    assert_eq!(program.status(&text_of_key).await, 200);
    let button = page.find("#copy").await;
    assert!(!button.is_displayed().await.unwrap());
    // Times are in UTC.
    page.click("main a").await;
    assert!(text(&page).await.contains(" UTC"));
    page.0.close().await.unwrap();
}

/// The program that finds what people with disabilities stumble over.
fn axe() -> Option<String> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let mut folders = env::split_paths(&folders);
    let axe = |bin: &Path| fs::read_to_string(bin.parent()?.join("axe-core/axe.min.js")).ok();
    let axe = folders.find_map(|bin| axe(&bin));
    if axe.is_none() {
        skip(
            "there is no axe-core beside a `node_modules/.bin` in PATH: `.ci/run tools` installs it",
        );
    }
    axe
}

#[tokio::test]
async fn pages_pass_the_check_for_accessibility() {
    let (Some(axe), Some(driver)) = (axe(), Driver::start()) else {
        return;
    };
    let program = Program::start().await;
    let auth = &program.auth;
    auth.groups().put("shop", "Web shop").await.unwrap();
    for (name, user) in [
        ("web shop", "user-7"),
        ("مفتاح المتجر", "user-8"),
        ("old", "user-9"),
    ] {
        let created = auth
            .keys()
            .create(NewKey::new(name, user).groups(["shop"]))
            .await
            .unwrap();
        program.status(created.secret.expose()).await;
    }
    auth.keys().archive("old").await.unwrap();
    auth.keys()
        .create(NewKey::new("n".repeat(200), "user-7"))
        .await
        .unwrap();
    let page = driver.page(&json!({})).await;
    open(&page, &program.page("sign-in")).await;
    checked(&page, &axe, "sign-in").await;
    sign_in(&page, &program).await;
    for (name, address) in [
        ("keys", "keys"),
        ("key", "key?name=web+shop"),
        ("new-key", "new-key"),
        ("soon", "keys?expiring=30&state=active"),
        ("groups", "groups"),
        ("users", "users"),
        ("trail", "trail"),
        ("routes", "routes"),
        ("failed", "key?name=nobody"),
    ] {
        open(&page, &program.page(address)).await;
        checked(&page, &axe, name).await;
    }
    for (name, address) in [
        ("key-more", "key?name=web+shop"),
        ("new-key-more", "new-key"),
    ] {
        open(&page, &program.page(address)).await;
        page.click("summary").await;
        checked(&page, &axe, name).await;
    }
    typed(&page, "[name=name]", "created").await;
    typed(&page, "[name=user]", "user-7").await;
    typed(&page, "[name=metadata]", r#"{"plan": "pro"}"#).await;
    page.click("main button").await;
    page.find("#secret").await;
    checked(&page, &axe, "created").await;
    open(&page, &program.page("check-key")).await;
    typed(&page, "[name=check-text]", &program.manager).await;
    typed(&page, "[name=groups]", "shop").await;
    page.click("main button").await;
    page.find("main dl").await;
    checked(&page, &axe, "checked").await;
    let old = "UPDATE api_key_recording SET since = 1, last_at = 4102444800000;
         UPDATE api_key SET created_at = 1, renewed_at = 1; DELETE FROM api_key_use";
    let mut database = SqliteConnection::connect(&program.database).await.unwrap();
    database.execute(old).await.unwrap();
    open(&page, &program.page("keys?unused=90")).await;
    page.click("summary").await;
    checked(&page, &axe, "unused").await;
    page.0.close().await.unwrap();
}

/// In the light and in the dark, on a desk and on a phone.
async fn checked(page: &Page, axe: &str, name: &str) {
    for (width, device) in [(1200, "desk"), (400, "phone")] {
        page.0.set_window_size(width, 900).await.unwrap();
        for scheme in ["light", "dark"] {
            let root = "document.documentElement.style.colorScheme = arguments[0]";
            page.0.execute(root, vec![json!(scheme)]).await.unwrap();
            page.0.execute(axe, Vec::new()).await.unwrap();
            let run = "const done = arguments[arguments.length - 1];
                axe.run().then(found => done(found.violations.map(found =>
                    [found.id, found.nodes.map(node => node.html + ' ' + node.failureSummary)])))";
            let found = page.0.execute_async(run, Vec::new()).await.unwrap();
            assert_eq!(found, json!([]), "{name}, {device}, {scheme}: {found:#}");
            picture(page, &format!("{name}-{device}-{scheme}")).await;
        }
        // Nothing is cut off but what scrolls by itself.
        let overflows = "return document.documentElement.scrollWidth > innerWidth";
        let overflows: Value = page.run_script(overflows).await;
        assert_eq!(overflows, json!(false), "{name}, {device}");
    }
    let headings = page.0.find_all(Locator::Css("h1")).await.unwrap();
    assert_eq!(headings.len(), 1, "{name}");
}
