//! What a browser sends: the fields of a form, or of the query of a page.

use std::collections::BTreeMap;

use axum::extract::{Form, FromRequest, Request, rejection::FormRejection};

use crate::{error::InputError, key::Cursor};

/// The fields by their names.
pub(super) struct Sent(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = FormRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, FormRejection> {
        let Form(fields) = Form::from_request(request, state).await?;
        Ok(Self(fields))
    }
}

impl Sent {
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter();
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field; empty if it is missing. It keeps the blanks around it: a name may have some.
    pub(super) fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// What somebody has typed, without the blanks around it.
    pub(super) fn typed(&self, name: &str) -> &str {
        self.field(name).trim()
    }

    /// What somebody has typed, if it is anything.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.typed(name)).filter(|typed| !typed.is_empty())
    }

    /// What somebody has typed instead of what the page had.
    pub(super) fn changed(&self, name: &str) -> Option<&str> {
        let was = self.0.get(&format!("was-{name}"))?;
        let is_now = self.0.get(name)?;
        (is_now != was).then(|| is_now.trim())
    }

    /// What is between commas or blanks.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.split(name, &[',', ' ', '\n', '\r', '\t'])
    }

    /// The codes between commas: a code may have blanks.
    pub(super) fn codes(&self, name: &str) -> Vec<String> {
        self.split(name, &[','])
    }

    fn split(&self, name: &str, separators: &[char]) -> Vec<String> {
        let parts = self.field(name).split(separators).map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Where a list begins.
    pub(super) fn after(&self) -> Result<Option<Cursor>, InputError> {
        self.given("after").map(str::parse).transpose()
    }

    /// The address of the next page of the list, with the same query.
    pub(super) fn next_page(&self, page: &str, next: Option<Cursor>) -> Option<String> {
        let after = next?.to_string();
        let query = self.conditions().chain([("after", after.as_str())]);
        Some(address(page, query))
    }
}

/// The address of a page of this mount, with those parts of a query that are not empty.
pub(super) fn address<'a>(
    page: &str,
    query: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let query = query.into_iter().filter(|(_, value)| !value.is_empty());
    let start = page.len() + 1;
    form_urlencoded::Serializer::for_suffix(format!("{page}?"), start)
        .extend_pairs(query)
        .finish()
}
