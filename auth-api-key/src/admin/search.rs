//! What is looked for in a list. It is sent by a form, so that a text of a key that somebody looks for is in
//! no address, history or `Referer`, and in no log of a proxy.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::Frame,
    sent::{Sent, address},
};
use crate::{
    error::Error,
    key::{Secret, has_valid_checksum},
};

pub(super) async fn keys(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    frame
        .answer(async |_| Ok(shared.list("keys", &sent).await?))
        .await
}

pub(super) async fn trail(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    frame
        .answer(async |_| Ok(shared.list("trail", &sent).await?))
        .await
}

impl Sent {
    /// Whether somebody has put an issued text into an address by hand.
    pub(super) fn has_text_of_a_key(&self) -> bool {
        self.fields()
            .any(|(_, value)| has_valid_checksum(value.trim()))
    }
}

impl Shared {
    /// Leads to the list of what is looked for.
    pub(super) async fn list(&self, page: &str, sent: &Sent) -> Result<Response, Error> {
        let mut query = Vec::new();
        for (name, value) in sent.fields().filter(|(name, _)| *name != "form") {
            query.push((name, self.without_text_of_a_key(value).await?));
        }
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        Ok(Redirect::to(&address(page, query)).into_response())
    }

    /// The name of the key that has this text, or the hint of an issued text that no key has.
    async fn without_text_of_a_key(&self, value: &str) -> Result<String, Error> {
        let text = value.trim();
        let found = self.auth.with_text(text).await;
        let found = found.map_err(|_| Error::store("a key cannot be looked up"))?;
        if let Some(key) = found {
            return Ok(key.name.clone());
        }
        match has_valid_checksum(text) {
            true => Ok(Secret::given("", text)?.hint().to_string()),
            false => Ok(value.to_owned()),
        }
    }
}
