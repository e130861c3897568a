//! The trail: who changed what.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use humantime::parse_rfc3339;
use serde_json::Value;

use super::{
    Shared,
    frame::{Frame, Moment, shown},
    sent::{Sent, address},
};
use crate::{
    error::{Error, StateError},
    key::{Cursor, TrailEvent, TrailFilter},
};

#[derive(Template)]
#[template(path = "admin/trail.html")]
struct TrailPage<'a> {
    frame: &'a Frame,
    key: &'a str,
    actor: &'a str,
    action: &'a str,
    /// A day, in UTC.
    since: &'a str,
    /// None if the store keeps no trail.
    happened: Option<Vec<ShownEvent>>,
    next: Option<String>,
}

/// What may have been done, as [`TrailFilter`] lists it.
const ACTIONS: [&str; 15] = [
    "created",
    "updated",
    "rotated",
    "archived",
    "unarchived",
    "deleted",
    "group created",
    "group updated",
    "group deleted",
    "user archived",
    "user unarchived",
    "user deleted",
    "truncated",
    "pruned",
    "sign-in refused",
];

/// The id of the text for what was done.
fn text_of(action: &str) -> String {
    format!("action-{}", action.replace(' ', "-"))
}

impl TrailPage<'_> {
    /// Each action, the id of its text, and whether only such events are shown.
    fn actions(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        let asked = self.action;
        let actions = ACTIONS.into_iter();
        actions.map(move |action| (action, text_of(action), action == asked))
    }
}

/// An event, as pages show it.
pub(super) struct ShownEvent(pub(super) TrailEvent);

impl ShownEvent {
    pub(super) fn at(&self) -> Moment {
        Moment(self.0.at)
    }

    pub(super) fn action(&self) -> String {
        text_of(&self.0.action)
    }

    /// What it was done to.
    pub(super) fn what(&self) -> &str {
        let names = [&self.0.key_name, &self.0.group, &self.0.user];
        names
            .into_iter()
            .flatten()
            .next()
            .map_or("", String::as_str)
    }

    pub(super) fn actor(&self) -> &str {
        self.0.actor.as_deref().unwrap_or("")
    }

    /// The address of the list of this actor's events.
    pub(super) fn by_actor(&self) -> String {
        address("trail", [("actor", self.actor())])
    }

    /// The role of the database.
    pub(super) fn role(&self) -> &str {
        self.0.session_user.as_deref().unwrap_or("")
    }

    /// Fields, as the trail names them, and what became of them: `user-7 → user-8`, or `+shop −erp`.
    pub(super) fn changed(&self) -> impl Iterator<Item = (&str, String)> {
        let fields = self.0.changed.iter();
        fields.map(|(field, change)| (field.as_str(), different(change)))
    }
}

fn different(change: &Value) -> String {
    if let Some(to) = change.get("to") {
        let from = change.get("from").unwrap_or(&Value::Null);
        return format!("{} → {}", plain(from), plain(to));
    }
    let parts = [("added", "+"), ("removed", "−"), ("ending", "⏱ ")].into_iter();
    let parts = parts.flat_map(|(part, sign)| {
        let values = change.get(part).and_then(Value::as_array);
        let values = values.into_iter().flatten();
        values.map(move |value| format!("{sign}{}", plain(value)))
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// A value as people write it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(fields) => fields.values().map(plain).collect::<Vec<_>>().join(" "),
        value => value.to_string(),
    }
}

/// What happened, and where the list goes on; none if the store keeps no trail.
pub(super) async fn happened(
    shared: &Shared,
    filter: &TrailFilter,
) -> Result<Option<(Vec<ShownEvent>, Option<Cursor>)>, Error> {
    match shared.auth.maintenance().trail(filter).await {
        Ok(page) => {
            let happened = page.items.into_iter().map(ShownEvent).collect();
            Ok(Some((happened, page.next)))
        }
        Err(Error::State(StateError::NoTrail)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let page = async |frame: &Frame| {
        if sent.has_text_of_a_key() {
            return Ok(shared.list("trail", frame, &sent).await?);
        }
        let (key, actor) = (sent.field("key"), sent.field("actor"));
        let (action, since) = (sent.field("action"), sent.field("since"));
        let mut filter = TrailFilter::new().after(sent.after()?);
        if !key.is_empty() {
            filter = filter.key(key);
        }
        if !actor.is_empty() {
            filter = filter.actor(actor);
        }
        if !action.is_empty() {
            filter = filter.action(action);
        }
        if let Ok(day) = parse_rfc3339(&format!("{since}T00:00:00Z")) {
            filter = filter.since(day);
        }
        let (happened, next) = happened(&shared, &filter).await?.unzip();
        Ok(shown(&TrailPage {
            frame,
            key,
            actor,
            action,
            since,
            happened,
            next: sent.next_page("trail", next.flatten()),
        }))
    };
    frame.answer(page).await
}
