//! The page with the list of keys.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::{Frame, Moment, shown},
    sent::{Sent, address},
};
use crate::{
    error::{Error, InputError, StateError},
    key::{KeyFilter, KeyOrder, KeyRecord, KeyState, Page},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many keys are shown at a time.
const SIZE: usize = 50;
/// For how many days nobody has used the keys of a list.
const UNUSED: [u64; 3] = [30, 90, 365];

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct KeysPage<'a> {
    frame: &'a Frame,
    sent: &'a Sent,
    keys: Vec<Listed>,
    /// The ids of those that may be archived together.
    archivable: Vec<i64>,
    /// How many keys were archived by the form before.
    archived: Option<u64>,
    /// Why nobody knows which keys are not used: when the recording of uses began, if it has.
    not_recorded: Option<Option<Moment>>,
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
        UNUSED
    }

    fn archivable_number(&self) -> u64 {
        self.archivable.len() as u64
    }

    fn archivable_ids(&self) -> String {
        let ids = self.archivable.iter().map(ToString::to_string);
        ids.collect::<Vec<_>>().join(",")
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
        filter = filter.search(text);
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
    let days: u32 = sent.typed("unused").parse().ok()?;
    let is_offered = UNUSED.contains(&days.into());
    is_offered.then(|| shared.now() - DAY * days)
}

/// A page of the keys that the form asks for.
async fn list(sent: &Sent, shared: &Shared) -> Result<Page<KeyRecord>, Error> {
    let filter = filter(sent, shared)?.size(SIZE);
    let keys = shared.auth.keys();
    match unused_since(sent, shared) {
        Some(since) => keys.unused(since, &filter).await,
        None => keys.list(&filter).await,
    }
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let page = async |frame: &Frame| {
        if sent.has_text_of_a_key() {
            return Ok(shared.list("keys", frame, &sent).await?);
        }
        let (page, not_recorded) = match list(&sent, &shared).await {
            Ok(page) => (page, None),
            Err(Error::State(StateError::UsesNotRecorded { recorded, .. })) => {
                let (items, next) = (Vec::new(), None);
                (Page { items, next }, Some(recorded.map(Moment)))
            }
            Err(error) => return Err(error.into()),
        };
        let archivable = match unused_since(&sent, &shared) {
            Some(_) if frame.may_change() => shared.without_operators(&page.items).await?,
            _ => Vec::new(),
        };
        let archivable = archivable.iter().map(|key| key.id).collect();
        let listed = |record| Listed::new(record, &shared);
        Ok(shown(&KeysPage {
            frame,
            sent: &sent,
            archivable,
            archived: sent.field("archived").parse().ok(),
            not_recorded,
            goes_on: page.items.len() < SIZE && page.next.is_some(),
            next: sent.next_page("keys", page.next),
            keys: page.items.into_iter().map(listed).collect(),
        }))
    };
    frame.answer(page).await
}

/// Archives those keys that the page has shown and that still nobody has used.
pub(super) async fn archive_unused(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    sent: Sent,
) -> Response {
    let archive = async |frame: &Frame| {
        let was_shown = sent.field("shown").split(',');
        let was_shown: Vec<i64> = was_shown.filter_map(|id| id.parse().ok()).collect();
        // Without a time since when, the list has all keys.
        if sent.has_text_of_a_key() || unused_since(&sent, &shared).is_none() {
            return Ok(shared.list("keys", frame, &sent).await?);
        }
        shared.auth.flush().await;
        let unused = list(&sent, &shared).await?.items;
        let unused = shared.without_operators(&unused).await?;
        let keys = shared.keys_keeping_a_manager(frame);
        let (mut archived, mut failed) = (0_u64, "");
        for key in unused.into_iter().filter(|key| was_shown.contains(&key.id)) {
            // Somebody may have used or changed it while others were archived.
            let archive = async || match keys.get(&key.name).await? {
                Some(now) if now == *key => keys.archive(&key.name).await.map(|_| 1),
                _ => Ok(0),
            };
            match archive().await {
                Ok(one) => archived += one,
                Err(error) if archived == 0 => return Err(error.into()),
                // The page shows how many were archived, and those that are left.
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "a key that nobody uses cannot be archived");
                    failed = "yes";
                    break;
                }
            }
        }
        let archived = archived.to_string();
        let query = sent.conditions().chain([
            ("after", sent.field("after")),
            ("archived", archived.as_str()),
            ("failed", failed),
        ]);
        Ok(Redirect::to(&address("keys", query)).into_response())
    };
    frame.answer(archive).await
}
