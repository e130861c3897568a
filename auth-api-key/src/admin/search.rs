//! What is looked for in a list. It is sent by a form, so that a text of a key that somebody looks for is in
//! no address, history or `Referer`, and in no log of a proxy.

use std::{iter, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::Frame,
    sent::{Sent, address},
};
use crate::{
    error::Error,
    key::{ApiKey, Secret, has_valid_checksum, is_invisible},
};

/// The conditions that somebody types, so that each may be the text of a key.
const TYPED: [&str; 5] = ["text", "user", "group", "key", "actor"];
/// Those that somebody chooses.
const CHOSEN: [&str; 6] = ["state", "expiring", "unused", "order", "action", "since"];

pub(super) async fn keys(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    frame
        .answer(async |frame| Ok(shared.list("keys", frame, &sent).await?))
        .await
}

pub(super) async fn trail(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    frame
        .answer(async |frame| Ok(shared.list("trail", frame, &sent).await?))
        .await
}

fn is_of_a_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-')
}

/// The issued text in what somebody has pasted, such as `curl -H 'API-KEY: key_…'`, if there is one.
pub(super) fn issued(pasted: &str) -> Option<&str> {
    // A given text may look issued, and have other characters.
    let words = pasted.split(|char| !is_of_a_name(char));
    let mut words = iter::once(pasted.trim()).chain(words);
    words.find(|word| has_valid_checksum(word))
}

/// What may be the text of a key in what somebody has pasted: all of it, and what is left without quotes, and without
/// the name and the scheme of a header.
fn texts(pasted: &str) -> impl Iterator<Item = &str> {
    let texts = iter::successors(Some(pasted.trim()), |text| less_of(text));
    // Each is looked up, and few have more around them than a header and quotes.
    texts.filter(|text| !text.is_empty()).take(8)
}

fn less_of(text: &str) -> Option<&str> {
    let is_around = |char: char| {
        let is_quote = matches!(char, '"' | '\'' | '`' | ',' | ';' | '\u{2018}'..='\u{201e}');
        char.is_whitespace() || is_invisible(char) || is_quote
    };
    let bare = text.trim_matches(is_around);
    if bare != text {
        return Some(bare);
    }
    let (begin, rest) = text.split_once([':', ' '])?;
    let is_name = text[begin.len()..].starts_with(':') && begin.chars().all(is_of_a_name);
    (is_name || begin.eq_ignore_ascii_case("bearer")).then(|| rest.trim_start())
}

/// The key whose text somebody has pasted.
pub(super) struct Pasted {
    pub(super) key: ApiKey,
    /// Whether something else is around the text, with which a server refuses it.
    pub(super) is_inside: bool,
}

impl Sent {
    /// What a list is asked for.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = || TYPED.iter().chain(&CHOSEN);
        self.fields()
            .filter(move |(field, _)| names().any(|name| name == field))
    }

    /// Whether somebody has put an issued text into an address by hand.
    pub(super) fn has_text_of_a_key(&self) -> bool {
        self.fields().any(|(_, value)| issued(value).is_some())
    }
}

impl Shared {
    /// Leads to the list of what is looked for.
    pub(super) async fn list(
        &self,
        page: &str,
        frame: &Frame,
        sent: &Sent,
    ) -> Result<Response, Error> {
        // Viewers must not learn whether a text is that of a key: they could try many.
        let may_find = frame.manager_sees();
        let mut query = Vec::new();
        let typed = TYPED.map(|name| (name, may_find));
        let chosen = CHOSEN.map(|name| (name, false));
        for (name, may_find) in typed.into_iter().chain(chosen) {
            let value = self.without_text_of_a_key(sent.field(name), may_find);
            query.push((name, value.await?));
        }
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        Ok(Redirect::to(&address(page, query)).into_response())
    }

    /// The key whose text is in what somebody has pasted.
    pub(super) async fn find_pasted(&self, pasted: &str) -> Result<Option<Pasted>, Error> {
        for text in issued(pasted).into_iter().chain(texts(pasted)) {
            let found = self.auth.with_text(text).await;
            let found = found.map_err(|_| Error::store("a key cannot be looked up"))?;
            if let Some(key) = found {
                let is_inside = !self.is_read_from(pasted, text);
                return Ok(Some(Pasted { key, is_inside }));
            }
        }
        Ok(None)
    }

    /// Whether a server reads just this text from a program that sends the line as a header, or as the value of one.
    fn is_read_from(&self, line: &str, text: &str) -> bool {
        let header = self.auth.header();
        let line = line.trim_matches([' ', '\t', '\r', '\n']);
        let reads = |name: &str, value: &str| {
            let value = HeaderValue::from_bytes(value.trim_matches([' ', '\t']).as_bytes());
            let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value) else {
                return false;
            };
            header.sent(&HeaderMap::from_iter([(name, value)])) == Ok(text.as_bytes())
        };
        let named = line.split_once(':');
        named.is_some_and(|(name, value)| reads(name, value))
            || [&header.name, &AUTHORIZATION]
                .iter()
                .any(|name| reads(name.as_str(), line))
    }

    /// If it is the text of a key, the key's name for whoever may find it; otherwise the hint of an issued text.
    async fn without_text_of_a_key(&self, value: &str, may_find: bool) -> Result<String, Error> {
        if may_find && let Some(found) = self.find_pasted(value).await? {
            return Ok(found.key.name.clone());
        }
        match issued(value) {
            Some(text) => Ok(Secret::given("", text)?.hint().to_string()),
            None => Ok(value.to_owned()),
        }
    }
}
