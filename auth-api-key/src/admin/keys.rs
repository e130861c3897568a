//! The page with the list of keys.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    Shared,
    frame::{Frame, Moment, shown},
    sent::{Sent, address},
};
use crate::{
    error::{Error, InputError},
    key::{KeyFilter, KeyOrder, KeyRecord, KeyState, Page},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many keys are shown at a time.
const SIZE: usize = 50;
/// How many pages of the list are read at most for one that is shown: more would take longer than 50 ms among a
/// million keys.
const ROUNDS: usize = 2;

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct KeysPage<'a> {
    frame: &'a Frame,
    sent: &'a Sent,
    keys: Vec<Listed>,
    /// Whether the list goes on though the page is not full.
    goes_on: bool,
    next: Option<String>,
}

impl KeysPage<'_> {
    fn is_asked(&self, field: &str, value: impl ToString) -> bool {
        self.sent.field(field) == value.to_string()
    }

    fn periods(&self) -> [u64; 3] {
        [7, 30, 90]
    }

    fn unused(&self) -> [u64; 3] {
        [30, 90, 365]
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

    /// Its page.
    pub(super) fn address(&self) -> String {
        address("key", [("name", self.record.name.as_str())])
    }
}

/// What the form asks for; an unknown value asks for nothing.
fn filter(sent: &Sent, shared: &Shared) -> Result<KeyFilter, InputError> {
    let mut filter = KeyFilter::new().after(sent.after()?);
    if let Some(text) = sent.given("text") {
        filter = filter.text(text);
    }
    // An id may have blanks.
    if !sent.field("user").is_empty() {
        filter = filter.user(sent.field("user"));
    }
    if let Some(group) = sent.given("group") {
        filter = filter.group(group);
    }
    filter = match sent.given("state") {
        Some("active") => filter.state(KeyState::Active),
        Some("archived") => filter.state(KeyState::Archived),
        Some("expired") => filter.state(KeyState::Expired),
        _ => filter,
    };
    if let Some(days) = sent
        .given("expiring")
        .and_then(|days| days.parse::<u16>().ok())
    {
        filter = filter.expiring_before(shared.now() + DAY * days.into());
    }
    if sent.given("order") == Some("use") {
        filter = filter.order(KeyOrder::LastUse);
    }
    Ok(filter)
}

/// Since when no caller has used the keys that the form asks for.
fn unused_since(sent: &Sent, shared: &Shared) -> Option<SystemTime> {
    let days: u16 = sent.typed("unused").parse().ok()?;
    shared.now().checked_sub(DAY * days.into())
}

/// Reads on until a page is full, since a page of the list need not be.
async fn full(
    shared: &Shared,
    filter: KeyFilter,
    unused_since: Option<SystemTime>,
) -> Result<Page<KeyRecord>, Error> {
    let keys = shared.auth.keys();
    let list = async |filter| match unused_since {
        Some(since) => keys.unused(since, &filter).await,
        None => keys.list(&filter).await,
    };
    let mut page = list(filter.clone().size(SIZE)).await?;
    for _ in 1..ROUNDS {
        let missing = SIZE - page.items.len();
        if missing == 0 || page.next.is_none() {
            break;
        }
        let more = filter.clone().size(missing).after(page.next);
        let more = list(more).await?;
        page.items.extend(more.items);
        page.next = more.next;
    }
    Ok(page)
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let page = async |frame: &Frame| {
        if sent.has_text_of_a_key() {
            return Ok(shared.list("keys", frame, &sent).await?);
        }
        let filter = filter(&sent, &shared)?;
        let page = full(&shared, filter, unused_since(&sent, &shared)).await?;
        let listed = |record| Listed::new(record, &shared);
        Ok(shown(&KeysPage {
            frame,
            sent: &sent,
            goes_on: page.items.len() < SIZE && page.next.is_some(),
            next: sent.next_page("keys", page.next),
            keys: page.items.into_iter().map(listed).collect(),
        }))
    };
    frame.answer(page).await
}
