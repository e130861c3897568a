//! Reads the text of the key from the headers of a request.

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, Entry},
};

use crate::rejection::Reason;

/// Which headers carry a key.
#[derive(Clone, Debug)]
pub(crate) struct KeyHeader {
    pub(crate) name: HeaderName,
    /// Whether `Authorization: Bearer` also carries one.
    pub(crate) bearer: bool,
}

impl KeyHeader {
    /// The header that carries the key unless a program names another one. Copies of a static name share it
    /// without a count.
    pub(super) const DEFAULT: HeaderName = HeaderName::from_static("api-key");

    /// The text of the key. Two keys are an error.
    pub(crate) fn sent<'a>(&self, headers: &'a HeaderMap) -> Result<&'a [u8], Reason> {
        let own = headers.get_all(&self.name).iter();
        let bearer = self.bearer.then(|| headers.get_all(AUTHORIZATION));
        let tokens = bearer.into_iter().flatten().filter_map(bearer_token);
        let mut texts = own.map(HeaderValue::as_bytes).chain(tokens);
        match (texts.next(), texts.next()) {
            (None, _) => Err(Reason::MissingKey),
            (Some(text), None) => Ok(text),
            (_, Some(_)) => Err(Reason::SentTwice),
        }
    }

    /// Marks the key's header, so that a log of requests after the guard does not show the key.
    pub(crate) fn mark_sensitive(&self, headers: &mut HeaderMap) {
        let bearer = self.bearer.then_some(&AUTHORIZATION);
        for name in std::iter::once(&self.name).chain(bearer) {
            if let Entry::Occupied(mut values) = headers.entry(name) {
                values
                    .iter_mut()
                    .for_each(|value| value.set_sensitive(true));
            }
        }
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750). Other schemes are not for this crate.
fn bearer_token(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked(7)?;
    scheme
        .eq_ignore_ascii_case(b"bearer ")
        .then(|| token.trim_ascii_start())
}
