//! What the tests share: a listening server, requests as raw bytes, SQLite files and a throwaway
//! PostgreSQL, nodes and examples as processes, a log, a store that can wait, fail and count, and tests
//! that run over several stores.

mod address;
pub mod browser;
mod client;
pub mod cluster;
mod counted;
pub mod example;
pub mod flood;
mod gate;
mod log;
pub mod million;
mod over;
pub mod pgbouncer;
pub mod postgres;
mod server;
pub mod sqlite;
mod until;
mod wire;

use auth_api_key::{
    ApiKey, Authenticator, Reason,
    key::{KeyFilter, KeyRecord},
};

pub use self::{
    address::Address,
    client::Client,
    counted::Counted,
    gate::GatedStore,
    log::Log,
    server::{Answer, Server, send},
    until::{until, until_decided},
    wire::Wire,
};

/// Verifies a key without asking for groups, and without an address.
pub async fn verify(auth: &Authenticator, text: &str) -> Result<ApiKey, Reason> {
    auth.verify(text, &[], None).await
}

/// As [`verify`], but gives the key's name.
pub async fn name_of(auth: &Authenticator, text: &str) -> Result<String, Reason> {
    verify(auth, text).await.map(|key| key.name.clone())
}

/// An error and its causes.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// All keys of a list, page by page.
pub async fn listed(auth: &Authenticator, filter: &KeyFilter) -> Vec<KeyRecord> {
    let (mut keys, mut after) = (Vec::new(), None);
    loop {
        let page = auth
            .keys()
            .list(&filter.clone().after(after))
            .await
            .unwrap();
        keys.extend(page.items);
        match page.next {
            None => return keys,
            next => after = next,
        }
    }
}

/// Prints that a test is skipped, also if the test harness captures output.
pub fn skip(reason: &str) {
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "a skipped test is a failure where CI=true: {reason}"
    );
    skip_everywhere(reason);
}

/// As [`skip`], for what CI cannot have: the reason says why.
pub fn skip_everywhere(reason: &str) {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let line = format!("\n*** SKIPPED {test}: {reason} ***\n");
    let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), line.as_bytes());
}

/// Compiles every Rust block of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

/// Compiles every block of the attributes' references.
#[cfg(doctest)]
#[doc = include_str!("../../auth-api-key-macros/src/route/reference.md")]
#[doc = include_str!("../../auth-api-key-macros/src/controller/reference.md")]
pub mod references {}
