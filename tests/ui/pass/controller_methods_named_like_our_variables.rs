//! What the expansion calls its own variables, methods of a controller may be called, too.

use auth_api_key::{ApiKey, Authenticator, Routes, controller, routes};
use axum::extract::FromRef;

#[derive(Clone)]
struct Shop;

impl FromRef<Authenticator> for Shop {
    fn from_ref(_: &Authenticator) -> Self {
        Self
    }
}

#[controller("/shop", auth = "api_key", cors = "*")]
impl Shop {
    #[route("/body/{id}?page")]
    async fn body(&self, key: ApiKey, id: u8, page: u8, body: String) {
        let _ = (key, id, page, body);
    }
    #[route("/call?a", type = "jsonrpc")]
    async fn call(&self, a: u8) -> u8 {
        a
    }
    #[route("/admission")]
    async fn admission(&self) {}
    #[route("/admitted")]
    async fn admitted(&self) {}
    #[route("/answer")]
    async fn answer(&self) {}
    #[route("/captures")]
    async fn captures(&self) {}
    #[route("/error")]
    async fn error(&self) {}
    #[route("/f")]
    async fn f(&self) {}
    #[route("/guard")]
    async fn guard(&self) {}
    #[route("/info")]
    async fn info(&self) {}
    #[route("/infos")]
    async fn infos(&self) {}
    #[route("/list")]
    async fn list(&self) {}
    #[route("/parts")]
    async fn parts(&self) {}
    #[route("/query")]
    async fn query(&self) {}
    #[route("/refused")]
    async fn refused(&self) {}
    #[route("/request")]
    async fn request(&self) {}
    #[route("/response")]
    async fn response(&self) {}
    #[route("/state")]
    async fn state(&self) {}
    #[route("/this")]
    async fn this(&self) {}
    #[route("/total")]
    async fn total(&self) {}
    #[route("/value")]
    async fn value(&self) {}
    #[route("/who")]
    async fn who(&self) {}
}

pub fn main() {
    let list: Routes<Authenticator> = routes![Shop];
    assert_eq!(list.iter().count(), 22);
}
