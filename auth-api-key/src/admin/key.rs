//! One key: what is known of it, and what a manager does with it.

use std::{
    collections::BTreeSet,
    net::IpAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use ipnet::IpNet;
use serde_json::{Map, Value};

use super::{
    Shared,
    access::Access,
    frame::{Frame, Refusal, shown},
    keys::Listed,
    sent::{Sent, address},
    trail::{ShownEvent, happened},
};
use crate::{
    authenticator::Keys,
    error::{Error, StateError},
    extract::Caller,
    key::{CreatedKey, KeyRecord, KeyUpdate, Lifetimes, NewKey, Paging, TrailFilter},
    rejection::Reason,
};

fn hours_long(hours: u64) -> Duration {
    Duration::from_secs(hours * 60 * 60)
}

/// How long an older text may go on working, in hours.
const OVERLAPS: [u64; 4] = [0, 1, USUAL_OVERLAP, 7 * 24];
/// Without an overlap, programs with the older text are refused at once.
const USUAL_OVERLAP: u64 = 24;
/// After how many days a new key may expire.
const LIFETIMES: [u64; 3] = [30, 90, 365];

impl Shared {
    fn keys_of(&self, frame: &Frame) -> Keys {
        self.auth.keys().acting_as(frame.actor())
    }

    /// For what may take rights away: the last key that may change something here stays.
    pub(super) fn keys_keeping_a_manager(&self, frame: &Frame) -> Keys {
        self.keys_of(frame).keeping(self.access.managers())
    }

    async fn key(&self, name: &str) -> Result<KeyRecord, Error> {
        let key = self.auth.keys().get(name).await?;
        let name = name.to_owned();
        key.ok_or_else(|| StateError::NoSuchKey { name }.into())
    }

    /// Whether keys of this group may see the pages.
    pub(super) fn is_of_operators(&self, group: &str) -> bool {
        self.access.groups().contains(&group)
    }

    /// The groups whose keys may see other pages for operators, over the same store.
    async fn groups_of_other_pages(&self) -> Result<Vec<String>, Error> {
        let mut all = match self.auth.store()?.sessions() {
            Some(sessions) => sessions.operator_groups().await?,
            None => Vec::new(),
        };
        all.retain(|group| !self.is_of_operators(group));
        Ok(all)
    }

    /// Those of them whose keys cannot be changed here.
    pub(super) async fn other_operator_groups(&self) -> Result<Vec<String>, Error> {
        match self.access {
            // Whoever has the command line may do everything.
            Access::Code { .. } => Ok(Vec::new()),
            Access::Groups { .. } | Access::Method(_) => self.groups_of_other_pages().await,
        }
    }

    /// Those of some keys that are not of operators, of these pages or of others.
    pub(super) async fn without_operators<'a>(
        &self,
        keys: &'a [KeyRecord],
    ) -> Result<Vec<&'a KeyRecord>, Error> {
        let others = self.groups_of_other_pages().await?;
        let is_theirs = |group: &String| self.is_of_operators(group) || others.contains(group);
        let is_ordinary = |key: &&KeyRecord| !key.groups.iter().any(is_theirs);
        Ok(keys.iter().filter(is_ordinary).collect())
    }

    /// Adds the groups of these pages to those of all pages over the same store.
    pub(super) async fn add_operator_groups(&self) -> Result<(), Error> {
        let groups = self.access.groups();
        let store = self.auth.store().ok();
        match store.and_then(|store| store.sessions()) {
            Some(sessions) if !groups.is_empty() => sessions.add_operator_groups(&groups).await,
            _ => Ok(()),
        }
    }

    /// Refuses to change a key of these groups if it is of an operator of other pages.
    async fn require_no_other_operator(&self, groups: &[impl AsRef<str>]) -> Result<(), Refusal> {
        let others = self.other_operator_groups().await?;
        let is_theirs = |group: &str| others.iter().any(|other| other == group);
        match groups.iter().any(|group| is_theirs(group.as_ref())) {
            true => Err(Refusal::Text("refused-other-operators")),
            false => Ok(()),
        }
    }

    /// The codes of the groups that routes ask for.
    fn codes(&self) -> BTreeSet<&'static str> {
        let groups = self.routes.iter().flat_map(|route| &route.groups);
        groups.copied().collect()
    }

    /// Refuses a code of a group that does not exist and that no route asks for: it may be mistyped.
    async fn require_known<'a>(
        &self,
        codes: impl IntoIterator<Item = &'a String>,
    ) -> Result<(), Refusal> {
        let asked = self.codes();
        let is_used = |code: &String| self.is_of_operators(code) || asked.contains(code.as_str());
        let mut unknown: Vec<&String> = codes.into_iter().filter(|code| !is_used(code)).collect();
        let mut paging = Paging::new().size(Paging::MAX_SIZE);
        while !unknown.is_empty() {
            let page = self.auth.groups().list(&paging).await?;
            unknown.retain(|code| page.items.iter().all(|group| group.code != **code));
            match page.next {
                Some(next) => paging = paging.after(Some(next)),
                None => break,
            }
        }
        match unknown.first() {
            Some(code) => Err(Refusal::UnknownGroup((*code).clone())),
            None => Ok(()),
        }
    }

    /// Unless a manager confirms it with their own key, refuses to give an operator's key more, or to make a
    /// key an operator's. Always refuses both for operators of other pages. `groups` are those that the key
    /// has, and those that it gets.
    pub(super) async fn require_confirmation<'a>(
        self: &Arc<Self>,
        frame: &Frame,
        groups: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
        sent: &Sent,
        Caller(address): Caller,
    ) -> Result<(), Refusal> {
        let groups: Vec<&str> = groups.into_iter().map(AsRef::as_ref).collect();
        self.require_no_other_operator(&groups).await?;
        if !groups.iter().any(|group| self.is_of_operators(group)) {
            return Ok(());
        }
        let Some(managers) = self.access.managers() else {
            return Ok(());
        };
        let attempt = self.attempt(sent.typed("confirm"), address);
        let attempt = attempt.map_err(Refusal::MustWait)?;
        let confirmed = self
            .auth
            .verify(sent.typed("confirm"), &[managers], address)
            .await;
        let visitor = frame.visitor.as_ref();
        let confirmed = match confirmed {
            Ok(key) if visitor.is_some_and(|visitor| visitor.key == Some(key.id)) => Ok(()),
            Err(Reason::Unavailable) => Err(Error::store("a key cannot be checked").into()),
            _ => return Err(Refusal::Text("refused-unconfirmed")),
        };
        self.uncount(attempt);
        confirmed
    }
}

#[derive(Template)]
#[template(path = "admin/key.html")]
struct KeyPage<'a> {
    frame: &'a Frame,
    key: Listed,
    /// The text that says what was done, if something was.
    done: Option<String>,
    /// None if the store keeps no trail.
    happened: Option<Vec<ShownEvent>>,
    /// Whether a manager must confirm what gives the key more than it has.
    is_confirmed: bool,
    /// The codes of the groups that routes ask for.
    codes: BTreeSet<&'static str>,
}

impl KeyPage<'_> {
    fn groups(&self) -> String {
        self.key.record.groups.join(", ")
    }

    fn networks(&self) -> String {
        let networks = self.key.record.networks.iter();
        networks
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn technical_name(&self) -> &str {
        self.key.record.technical_name.as_deref().unwrap_or("")
    }

    /// As JSON; empty if there is nothing.
    fn metadata(&self) -> String {
        match &self.key.record.metadata {
            metadata if metadata.is_empty() => String::new(),
            metadata => Value::Object(metadata.clone()).to_string(),
        }
    }

    fn damages(&self) -> String {
        let damages = self.key.record.damages.iter();
        let damages = damages.map(ToString::to_string);
        damages.collect::<Vec<_>>().join("; ")
    }

    fn expiry_day(&self) -> String {
        self.key
            .expires()
            .map_or_else(String::new, |expiry| expiry.day())
    }

    fn overlaps(&self) -> [u64; 4] {
        OVERLAPS
    }

    fn is_usual(&self, hours: &u64) -> bool {
        *hours == USUAL_OVERLAP
    }
}

/// What the page of a key may say of the form that was sent before.
const DONE: [&str; 5] = [
    "done-created",
    "done-updated",
    "done-archived",
    "done-unarchived",
    "not-rotated",
];

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let page = async |frame: &Frame| {
        let key = shared.key(sent.field("name")).await?;
        let filter = TrailFilter::new().key(&key.name).size(20);
        let happened = happened(&shared, &filter).await?;
        let done = DONE.into_iter().find(|id| *id == sent.field("done"));
        let is_operators = key.groups.iter().any(|group| shared.is_of_operators(group));
        Ok(shown(&KeyPage {
            frame,
            key: Listed::new(key, &shared),
            done: done.map(|id| frame.t(id)),
            happened: happened.map(|(happened, _)| happened),
            is_confirmed: is_operators && frame.confirms(),
            codes: shared.codes(),
        }))
    };
    frame.answer(page).await
}

/// The page of a key, which says what was done.
fn back(name: &str, done: &str) -> Response {
    Redirect::to(&address("key", [("name", name), ("done", done)])).into_response()
}

#[derive(Template)]
#[template(path = "admin/new_key.html")]
struct CreationPage<'a> {
    frame: &'a Frame,
    user: &'a str,
    /// The codes of the groups that routes ask for.
    codes: BTreeSet<&'static str>,
    /// In days.
    lifetimes: Vec<u64>,
    /// Whether a key may live for ever.
    may_be_endless: bool,
}

impl CreationPage<'_> {
    /// 90 days, or less if a key may not live so long.
    fn is_usual(&self, days: &u64) -> bool {
        self.lifetimes.iter().rfind(|days| **days <= 90) == Some(days)
    }
}

pub(super) async fn creation(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    sent: Sent,
) -> Response {
    let Lifetimes { default, max } = shared.auth.lifetimes();
    let fits = |days: &u64| max.is_none_or(|max| hours_long(24 * days) <= max);
    shown(&CreationPage {
        frame: &frame,
        user: sent.field("user"),
        codes: shared.codes(),
        lifetimes: LIFETIMES.into_iter().filter(fits).collect(),
        may_be_endless: default.is_none() && max.is_none(),
    })
}

#[derive(Template)]
#[template(path = "admin/created.html")]
struct CreatedPage<'a> {
    frame: &'a Frame,
    key: Listed,
    created: CreatedKey,
    is_rotated: bool,
}

/// A time from a field: the end of a day, or days from now. Empty is `None`. A given day counts,
/// whatever the list before it says.
fn expiry(sent: &Sent, now: SystemTime) -> Result<Option<SystemTime>, Refusal> {
    let wrong = Refusal::Text("refused-expiry");
    if let Some(day) = sent.given("expiry-day") {
        let end = humantime::parse_rfc3339(&format!("{day}T23:59:59Z")).map_err(|_| wrong)?;
        return match end > now {
            true => Ok(Some(end)),
            false => Err(Refusal::Text("refused-past-expiry")),
        };
    }
    match sent.field("expiry") {
        "never" | "" => Ok(None),
        days => match days.parse() {
            Ok(days) if LIFETIMES.contains(&days) => Ok(Some(now + hours_long(24 * days))),
            _ => Err(wrong),
        },
    }
}

fn networks(sent: &Sent) -> Result<Vec<IpNet>, Refusal> {
    let networks = sent.list("networks").into_iter().map(|text| {
        let address = || text.parse::<IpAddr>().map(IpNet::from).ok();
        text.parse().ok().or_else(address)
    });
    let networks: Option<_> = networks.collect();
    networks.ok_or(Refusal::Text("refused-networks"))
}

/// A JSON object from a field. Empty is one without anything.
fn metadata(sent: &Sent) -> Result<Map<String, Value>, Refusal> {
    match sent.typed("metadata") {
        "" => Ok(Map::new()),
        json => serde_json::from_str(json).map_err(|_| Refusal::Text("refused-metadata")),
    }
}

pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    caller: Caller,
    sent: Sent,
) -> Response {
    let create = async |frame: &Frame| {
        let groups = sent.codes("groups");
        shared
            .require_confirmation(frame, &groups, &sent, caller)
            .await?;
        shared.require_known(&groups).await?;
        let mut new = NewKey::new(sent.typed("name"), sent.typed("user"))
            .groups(groups)
            .networks(networks(&sent)?)
            .metadata(metadata(&sent)?);
        if let Some(time) = expiry(&sent, shared.now())? {
            new = new.expires_at(time);
        }
        if let Some(prefix) = sent.given("prefix") {
            new = new.prefix(prefix);
        }
        if let Some(name) = sent.given("technical-name") {
            new = new.technical_name(name);
        }
        let given = sent.given("given-text");
        if let Some(text) = given {
            new = new.text(text);
        }
        let created = shared.keys_of(frame).create(new).await?;
        if given.is_some() {
            return Ok(back(&created.record.name, "done-created"));
        }
        Ok(shown_once(frame, &shared, created, false))
    };
    frame.answer(create).await
}

/// The only page that has the text of a key.
fn shown_once(frame: &Frame, shared: &Shared, created: CreatedKey, is_rotated: bool) -> Response {
    let key = Listed::new(created.record.clone(), shared);
    shown(&CreatedPage {
        frame,
        key,
        created,
        is_rotated,
    })
}

pub(super) async fn rotate(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    caller: Caller,
    sent: Sent,
) -> Response {
    let rotate = async |frame: &Frame| {
        let hours = sent.field("overlap").parse().ok();
        let hours = hours.filter(|hours| OVERLAPS.contains(hours));
        let hours = hours.ok_or(Refusal::Text("refused-overlap"))?;
        let key = shared.key(sent.field("name")).await?;
        // A form that is sent again must not end the text that it has just issued.
        if sent.field("hint") != key.hint.to_string() {
            return Ok(back(&key.name, "not-rotated"));
        }
        shared
            .require_confirmation(frame, &key.groups, &sent, caller)
            .await?;
        let keys = shared.keys_of(frame);
        let rotated = keys.rotate(&key.name, hours_long(hours)).await?;
        Ok(shown_once(frame, &shared, rotated, true))
    };
    frame.answer(rotate).await
}

pub(super) async fn update(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    caller: Caller,
    sent: Sent,
) -> Response {
    let update = async |frame: &Frame| {
        let old = shared.key(sent.field("name")).await?;
        // What was not changed on the page stays as it is, also if somebody else has changed it meanwhile.
        let mut update = KeyUpdate::new();
        let groups = sent.changed("groups").map(|_| sent.codes("groups"));
        let concerned = old.groups.iter().chain(groups.iter().flatten());
        shared
            .require_confirmation(frame, concerned, &sent, caller)
            .await?;
        let mut takes_rights = false;
        if let Some(groups) = groups {
            let added = groups.iter().filter(|group| !old.groups.contains(group));
            shared.require_known(added).await?;
            takes_rights |= !groups
                .iter()
                .any(|group| shared.access.managers() == Some(group));
            update = update.groups(groups);
        }
        if sent.changed("networks").is_some() {
            takes_rights = true;
            update = update.networks(networks(&sent)?);
        }
        if sent.changed("expiry-day").is_some() {
            takes_rights = true;
            update = update.expires_at(expiry(&sent, shared.now())?);
        }
        if let Some(user) = sent.changed("user") {
            takes_rights = true;
            update = update.user(user);
        }
        if let Some(name) = sent.changed("technical-name") {
            update = update.technical_name(Some(name).filter(|name| !name.is_empty()));
        }
        if sent.changed("metadata").is_some() {
            update = update.metadata(metadata(&sent)?);
        }
        if let Some(name) = sent.changed("new-name") {
            update = update.name(name);
        }
        let keys = match takes_rights {
            true => shared.keys_keeping_a_manager(frame),
            false => shared.keys_of(frame),
        };
        let key = keys.update(&old.name, update).await?;
        Ok(back(&key.name, "done-updated"))
    };
    frame.answer(update).await
}

pub(super) async fn archive(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    sent: Sent,
) -> Response {
    let archive = async |frame: &Frame| {
        let key = shared.key(sent.field("name")).await?;
        shared.require_no_other_operator(&key.groups).await?;
        let keys = shared.keys_keeping_a_manager(frame);
        let key = keys.archive(&key.name).await?;
        Ok(back(&key.name, "done-archived"))
    };
    frame.answer(archive).await
}

pub(super) async fn unarchive(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    caller: Caller,
    sent: Sent,
) -> Response {
    let unarchive = async |frame: &Frame| {
        let key = shared.key(sent.field("name")).await?;
        shared
            .require_confirmation(frame, &key.groups, &sent, caller)
            .await?;
        let key = shared.keys_of(frame).unarchive(&key.name).await?;
        Ok(back(&key.name, "done-unarchived"))
    };
    frame.answer(unarchive).await
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    sent: Sent,
) -> Response {
    let delete = async |frame: &Frame| {
        let key = shared.key(sent.field("name")).await?;
        if sent.field("typed-name") != key.name {
            return Err(Refusal::Text("refused-typed-name"));
        }
        shared.require_no_other_operator(&key.groups).await?;
        shared
            .keys_keeping_a_manager(frame)
            .delete(&key.name)
            .await?;
        Ok(Redirect::to("keys?done=done-deleted").into_response())
    };
    frame.answer(delete).await
}
