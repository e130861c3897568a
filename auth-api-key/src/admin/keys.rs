//! The list of keys.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};

use super::{
    Shared,
    frame::{Frame, Moment, address, shown},
};
use crate::{
    error::Error,
    key::{KeyFilter, KeyOrder, KeyRecord, KeyState},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct KeysPage {
    frame: Frame,
    query: BTreeMap<String, String>,
    keys: Vec<Listed>,
    next: Option<String>,
}

impl KeysPage {
    fn asked(&self, field: &str) -> &str {
        self.query.get(field).map_or("", String::as_str)
    }

    fn is_asked(&self, field: &str, value: impl ToString) -> bool {
        self.asked(field) == value.to_string()
    }

    fn periods(&self) -> [u64; 3] {
        [7, 30, 90]
    }
}

/// A key, as lists and pages show it.
pub(super) struct Listed {
    pub(super) record: KeyRecord,
    /// `active`, `archived` or `expired`, as the texts call it.
    pub(super) state: &'static str,
}

impl Listed {
    pub(super) fn new(record: KeyRecord, shared: &Shared) -> Self {
        let state = match record.state_at(shared.now()) {
            KeyState::Active => "active",
            KeyState::Archived => "archived",
            KeyState::Expired => "expired",
        };
        Self { record, state }
    }

    pub(super) fn expires(&self) -> Option<Moment> {
        self.record.expires_at.map(Moment)
    }

    pub(super) fn last_used(&self) -> Option<Moment> {
        self.record.last_used_at.map(Moment)
    }

    pub(super) fn created(&self) -> Moment {
        Moment(self.record.created_at)
    }

    /// Of the key's page.
    pub(super) fn address(&self) -> String {
        address("key", [("name", self.record.name.as_str())])
    }
}

/// What the form asks for; an unknown value asks for nothing.
fn filter(query: &BTreeMap<String, String>, shared: &Shared) -> Result<KeyFilter, Error> {
    let field = |name: &str| {
        query
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    };
    let mut filter = KeyFilter::new();
    if let Some(text) = field("text") {
        filter = filter.text(text);
    }
    // Blanks may be of the id.
    if let Some(user) = query.get("user").filter(|user| !user.is_empty()) {
        filter = filter.user(user);
    }
    if let Some(group) = field("group") {
        filter = filter.group(group);
    }
    filter = match field("state") {
        Some("active") => filter.state(KeyState::Active),
        Some("archived") => filter.state(KeyState::Archived),
        Some("expired") => filter.state(KeyState::Expired),
        _ => filter,
    };
    if let Some(days) = field("expiring").and_then(|days| days.parse::<u16>().ok()) {
        filter = filter.expiring_before(shared.now() + DAY * days.into());
    }
    if field("order") == Some("use") {
        filter = filter.order(KeyOrder::LastUse);
    }
    let after = field("after").map(str::parse).transpose()?;
    Ok(filter.after(after))
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let listed = async {
        let filter = filter(&query, &shared)?;
        shared.auth.keys().list(&filter).await
    };
    let page = match listed.await {
        Ok(page) => page,
        Err(error) => return frame.failed(&error),
    };
    let next = page.next.map(|cursor| {
        let asked = query.iter().filter(|(name, _)| *name != "after");
        let asked = asked.map(|(name, value)| (name.as_str(), value.as_str()));
        address(
            "keys",
            asked.chain([("after", cursor.to_string().as_str())]),
        )
    });
    let keys = page
        .items
        .into_iter()
        .map(|record| Listed::new(record, &shared));
    let keys = keys.collect();
    shown(&KeysPage {
        frame,
        query,
        keys,
        next,
    })
}
