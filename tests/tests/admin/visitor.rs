//! A visitor of the pages: what a browser sends, without the browser.

use std::{collections::BTreeMap, sync::Mutex};

use auth_api_key::Authenticator;
use axum::Router;
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap, redirect::Policy};
use tests::Server;

use crate::ORIGIN;

/// The pages of a node, under `/admin`.
pub(crate) async fn pages(auth: &Authenticator) -> Server {
    let pages = auth.admin_pages(ORIGIN, "managers").unwrap();
    let app = Router::new().nest_service("/admin", Router::from(pages.viewers("viewers")));
    Server::start_knowing_addresses(app).await
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get("location");
        location.map_or("", |location| location.to_str().unwrap())
    }

    /// What the forms of the page carry.
    pub(crate) fn form(&self) -> String {
        let (_, field) = self.body.split_once(r#"name="form" value=""#).unwrap();
        field.split('"').next().unwrap().to_owned()
    }

    /// How many forms there are besides searches.
    pub(crate) fn forms_that_change(&self) -> usize {
        let forms = self.body.matches(r#"method="post""#).count();
        forms - self.body.matches(r#"action="search-"#).count()
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

pub(crate) struct Visitor {
    address: String,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Visitor {
    pub(crate) fn of(server: &Server) -> Self {
        Self {
            address: format!("http://{}", server.address()),
            client: reqwest::Client::builder()
                .redirect(Policy::none())
                .build()
                .unwrap(),
            cookies: Mutex::default(),
        }
    }

    /// Signed in with a key.
    pub(crate) async fn signed_in(server: &Server, key: &str) -> Self {
        let visitor = Self::of(server);
        let answer = visitor.sign_in(key).await;
        assert_eq!(answer.location(), "keys", "{answer:?}");
        visitor
    }

    /// The same visitor at another node.
    pub(crate) fn at(&self, server: &Server) -> Self {
        let other = Self::of(server);
        other
            .cookies
            .lock()
            .unwrap()
            .clone_from(&self.cookies.lock().unwrap());
        other
    }

    pub(crate) async fn sign_in(&self, key: &str) -> Page {
        let page = self.get("sign-in").await;
        self.post("sign-in", &page.form(), &[("key", key)]).await
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.insert(name.to_owned(), value.to_owned());
    }

    /// A request for a page, or for a whole path.
    pub(crate) fn request(&self, method: Method, page: &str) -> RequestBuilder {
        let cookies = self.cookies.lock().unwrap();
        let cookies = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let mount = if page.starts_with('/') { "" } else { "/admin/" };
        self.client
            .request(method, format!("{}{mount}{page}", self.address))
            .header("host", "localhost:8070")
            .header("cookie", cookies)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Page {
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.set_cookie(name, rest.split(';').next().unwrap());
        }
        Page {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap(),
        }
    }

    pub(crate) async fn get(&self, page: &str) -> Page {
        self.send(self.request(Method::GET, page)).await
    }

    /// Sends a form, as a browser does that says where the page is from.
    pub(crate) async fn post(&self, page: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.form(page, form, fields);
        self.send(request.header("sec-fetch-site", "same-origin"))
            .await
    }

    /// A form without what browsers say of it.
    pub(crate) fn form(&self, page: &str, form: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let fields = [("form", form)].into_iter().chain(fields.iter().copied());
        let fields = fields.map(|(name, value)| format!("{name}={}", encoded(value)));
        self.request(Method::POST, page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.collect::<Vec<_>>().join("&"))
    }

    /// Sends a form of a page that shows it.
    pub(crate) async fn change(&self, page: &str, fields: &[(&str, &str)]) -> Page {
        let form = self.get("keys").await.form();
        self.post(page, &form, fields).await
    }

    /// Changes these fields of a key, and leaves the others as the page has them.
    pub(crate) async fn edit(&self, name: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(&address("key", name)).await;
        let fields_of_the_page = [
            "new-name",
            "user",
            "groups",
            "networks",
            "expiry-day",
            "technical-name",
            "metadata",
        ];
        let was: Vec<(String, String)> = fields_of_the_page
            .into_iter()
            .map(|field| {
                let start = format!(r#"name="was-{field}" value=""#);
                let (_, value) = page.body.split_once(&start).unwrap();
                (
                    field.to_owned(),
                    value.split('"').next().unwrap().to_owned(),
                )
            })
            .collect();
        let mut sent = vec![("name".to_owned(), name.to_owned())];
        for (field, value) in was {
            let given = fields.iter().find(|(given, _)| *given == field);
            let is_now = given.map_or(value.clone(), |(_, given)| (*given).to_owned());
            sent.extend([(format!("was-{field}"), value), (field, is_now)]);
        }
        let confirm = fields.iter().filter(|(field, _)| *field == "confirm");
        sent.extend(confirm.map(|(field, value)| ((*field).to_owned(), (*value).to_owned())));
        let sent: Vec<(&str, &str)> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.post("key", &page.form(), &sent).await
    }
}

fn address(page: &str, name: &str) -> String {
    format!("{page}?name={}", encoded(name))
}

/// For a form or an address.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
