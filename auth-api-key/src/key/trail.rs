//! The trail: what was changed, when and by whom.

use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Map, Value};

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use super::time::{Rfc3339, from_millis};
use super::{
    list::{Cursor, Paging},
    time::serialize_time,
};

/// One change: of a key, a group or a user, or of the trail itself.
///
/// It serialises as the command line shows it with `--json`. A later version may add fields, but neither
/// renames nor removes one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TrailEvent {
    /// The event's number: later ones have greater numbers.
    pub id: i64,
    /// When the change was made, by the clock of the database.
    #[serde(serialize_with = "serialize_time")]
    pub at: SystemTime,
    /// Who acted, as the program that made the change says: see
    /// [`Keys::acting_as`](crate::authenticator::Keys::acting_as). A claim, not a proof.
    pub actor: Option<String>,
    /// The role of PostgreSQL that made the change. In SQLite, `sql` for a change that was made by hand or
    /// by a program of an older version, and none for all others.
    pub session_user: Option<String>,
    /// What was done, such as `created`, `rotated` or `group deleted`: see [`TrailFilter`].
    pub action: String,
    /// The number of the key, if it is about a key.
    pub key_id: Option<i64>,
    /// The key's name after the change, or before it was deleted.
    pub key_name: Option<String>,
    /// The hint of the key's newest text, such as `shop_…x7Qk`.
    pub hint: Option<String>,
    /// The group's code, if it is about a group.
    pub group: Option<String>,
    /// The user's id, if it is about a user.
    pub user: Option<String>,
    /// What has changed: `{"expires_at": {"from": null, "to": "2027-01-31T00:00:00Z"}}` for a field, and
    /// `{"groups": {"added": ["shop"], "removed": []}}` for a list, of which one part may be missing. For
    /// `texts`, it has the hints of the texts that were `added` or `removed`, or that are `ending` at a
    /// time. It never has the text of a key, or a digest.
    pub changed: Map<String, Value>,
}

impl TrailEvent {
    /// For your own store: an event whose optional fields are empty.
    pub fn new(id: i64, at: SystemTime, action: impl Into<String>) -> Self {
        Self {
            id,
            at,
            actor: None,
            session_user: None,
            action: action.into(),
            key_id: None,
            key_name: None,
            hint: None,
            group: None,
            user: None,
            changed: Map::new(),
        }
    }

    /// Makes an event readable: stored hints are plain ASCII, and times milliseconds.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn readable(mut self) -> Self {
        let hint = |text: &str| text.replacen("_...", "_…", 1);
        self.hint = self.hint.as_deref().map(hint);
        let show_time = |value: &mut Value| {
            if let Some(millis) = value.as_i64() {
                *value = serde_json::to_value(Rfc3339(from_millis(millis))).unwrap_or_default();
            }
        };
        for field in ["expires_at", "before"] {
            if let Some(change) = self.changed.get_mut(field).and_then(Value::as_object_mut) {
                change.values_mut().for_each(show_time);
            }
        }
        let texts = self.changed.get_mut("texts").and_then(Value::as_object_mut);
        let lists = texts.into_iter().flat_map(Map::values_mut);
        for text in lists.filter_map(Value::as_array_mut).flatten() {
            match text {
                Value::String(text) => *text = hint(text),
                Value::Object(ending) => {
                    ending.values_mut().for_each(|value| match value {
                        Value::String(text) => *text = hint(text),
                        value => show_time(value),
                    });
                }
                _ => {}
            }
        }
        self
    }
}

/// Which events of the trail are listed, and which page of them: see
/// [`Maintenance::trail`](crate::authenticator::Maintenance::trail). Without a condition, it lists all
/// events, the newest first.
///
/// | action | what was done |
/// | --- | --- |
/// | `created`, `updated`, `rotated`, `archived`, `unarchived`, `deleted` | with a key; a change of its groups is an update |
/// | `group created`, `group updated`, `group deleted` | with a group; the keys that were in a deleted one are updated |
/// | `user archived`, `user unarchived`, `user deleted` | with a user; the first key of a user makes the user, without an event |
/// | `truncated` | a table was emptied by `TRUNCATE` in PostgreSQL, without an event for each row |
/// | `pruned` | events were deleted |
/// | `sign-in refused` | wrong keys were sent to the [pages for operators](crate::guide::pages), within a minute, to one node |
///
/// A page of 50, of all events or of those of one key, one actor or one action, is read from an index. With a million
/// events it was measured below 10 ms on SQLite and PostgreSQL: `cargo bench -p tests --bench trail`.
#[derive(Clone, Debug, Default)]
#[must_use = "a `TrailFilter` lists nothing until it is given to `Maintenance::trail`"]
pub struct TrailFilter {
    pub(crate) key: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) since: Option<SystemTime>,
    pub(crate) oldest_first: bool,
    pub(crate) paging: Paging,
}

impl TrailFilter {
    /// All events: the first page, of up to 50.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only events of the key that has this name, also those from before it was renamed. If no key has the
    /// name, of the key that had it last.
    pub fn key(mut self, name: impl Into<String>) -> Self {
        self.key = Some(name.into());
        self
    }

    /// Only changes by this [actor](TrailEvent::actor).
    pub fn actor(mut self, name: impl Into<String>) -> Self {
        self.actor = Some(name.into());
        self
    }

    /// Only what was done in this way: one of the [actions](Self).
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Only changes at this time or later.
    pub fn since(mut self, time: SystemTime) -> Self {
        self.since = Some(time);
        self
    }

    /// The oldest events first. Ask for the page after the last event that you have seen, to get new events.
    pub fn oldest_first(mut self) -> Self {
        self.oldest_first = true;
        self
    }

    /// How many events a page has: see [`Paging::size`].
    pub fn size(mut self, events: usize) -> Self {
        self.paging = self.paging.size(events);
        self
    }

    /// The page after this cursor: see [`Paging::after`]. `Cursor::Event(event.id)` is the cursor of an event.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.paging = self.paging.after(cursor);
        self
    }
}
