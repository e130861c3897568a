//! The trail: who changed what.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde_json::Value;

use super::{
    Shared,
    frame::{Frame, Moment, address, shown},
};
use crate::{
    error::{Error, StateError},
    key::{TrailEvent, TrailFilter},
};

#[derive(Template)]
#[template(path = "admin/trail.html")]
struct TrailPage {
    frame: Frame,
    key: String,
    actor: String,
    happened: Vec<Happened>,
    has_trail: bool,
    next: Option<String>,
}

/// An event, as pages show it.
pub(super) struct Happened(pub(super) TrailEvent);

impl Happened {
    pub(super) fn at(&self) -> Moment {
        Moment(self.0.at)
    }

    /// The id of the text for what was done.
    pub(super) fn action(&self) -> String {
        format!("action-{}", self.0.action.replace(' ', "-"))
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

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let field = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (key, actor) = (field("key"), field("actor"));
    let listed = async {
        let mut filter = TrailFilter::new();
        if !key.is_empty() {
            filter = filter.key(&key);
        }
        if !actor.is_empty() {
            filter = filter.actor(&actor);
        }
        let after = query.get("after").map(|after| after.parse()).transpose()?;
        shared.auth.maintenance().trail(&filter.after(after)).await
    };
    let (happened, next, has_trail) = match listed.await {
        Ok(page) => (page.items, page.next, true),
        Err(Error::State(StateError::NoTrail)) => (Vec::new(), None, false),
        Err(error) => return frame.failed(&error),
    };
    let next = next.map(|cursor| {
        let after = cursor.to_string();
        address(
            "trail",
            [("key", key.as_str()), ("actor", &actor), ("after", &after)],
        )
    });
    shown(&TrailPage {
        happened: happened.into_iter().map(Happened).collect(),
        frame,
        key,
        actor,
        has_trail,
        next,
    })
}
