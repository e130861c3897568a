//! How records are printed: tables for people, JSON for scripts.

use std::{
    fmt::Write as _,
    io::{self, ErrorKind, Write as _},
    time::SystemTime,
};

use auth_api_key::key::{Group, KeyRecord, Secret};
use comfy_table::{ContentArrangement, Table, presets};
use console::Term;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Prints to standard output. Who reads no further, as `head`, wants no more.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    match print_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// Prints what cannot be printed again: everything is written, or it is an error.
pub(crate) fn print_all(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    print(&json(value)?)
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::Failed(error.to_string()))
}

/// Says something on standard error, to whoever still listens.
pub(crate) fn note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A key as JSON. Fields are added, but neither renamed nor taken away.
#[derive(Serialize)]
pub(crate) struct KeyJson<'a> {
    id: i64,
    name: &'a str,
    user: &'a str,
    user_active: bool,
    active: bool,
    groups: &'a [String],
    networks: Vec<String>,
    expires_at: Option<String>,
    technical_name: Option<&'a str>,
    metadata: &'a Map<String, Value>,
    hint: &'a str,
    created_at: String,
    last_used_at: Option<String>,
    /// The text, when it was issued just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

impl<'a> KeyJson<'a> {
    pub(crate) fn new(record: &'a KeyRecord) -> Self {
        Self {
            id: record.id,
            name: &record.name,
            user: &record.user,
            user_active: record.user_active,
            active: record.active,
            groups: &record.groups,
            networks: record.networks.iter().map(ToString::to_string).collect(),
            expires_at: record.expires_at.map(rfc3339),
            technical_name: record.technical_name.as_deref(),
            metadata: &record.metadata,
            hint: &record.hint,
            created_at: rfc3339(record.created_at),
            last_used_at: record.last_used_at.map(rfc3339),
            key: None,
        }
    }

    pub(crate) fn issued(record: &'a KeyRecord, secret: &'a Secret) -> Self {
        Self {
            key: Some(secret.expose()),
            ..Self::new(record)
        }
    }
}

/// A group as JSON.
#[derive(Serialize)]
pub(crate) struct GroupJson<'a> {
    code: &'a str,
    title: &'a str,
    keys: &'a [String],
}

impl<'a> GroupJson<'a> {
    pub(crate) fn new(group: &'a Group) -> Self {
        Self {
            code: &group.code,
            title: &group.name,
            keys: &group.members,
        }
    }
}

/// What is to be expected of a key; each has one state.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum State {
    Active,
    /// And not archived.
    Expired,
    /// Or its user is.
    Archived,
}

impl State {
    pub(crate) fn of(record: &KeyRecord) -> Self {
        if !record.active || !record.user_active {
            Self::Archived
        } else if record
            .expires_at
            .is_some_and(|expiry| expiry <= SystemTime::now())
        {
            Self::Expired
        } else {
            Self::Active
        }
    }
}

fn state(record: &KeyRecord) -> &'static str {
    match State::of(record) {
        State::Active => "active",
        State::Expired => "expired",
        State::Archived if record.active => "user archived",
        State::Archived => "archived",
    }
}

pub(crate) fn keys_table(keys: &[KeyRecord]) -> String {
    let header = [
        "NAME",
        "USER",
        "GROUPS",
        "STATE",
        "EXPIRES",
        "LAST USED",
        "KEY",
    ];
    let rows = keys.iter().map(|key| {
        [
            key.name.clone(),
            key.user.clone(),
            key.groups.join(", "),
            state(key).to_owned(),
            key.expires_at.map_or_else(|| "never".to_owned(), shown),
            key.last_used_at.map_or_else(|| "never".to_owned(), shown),
            key.hint.clone(),
        ]
    });
    table(&Term::stdout(), Some(header), rows)
}

pub(crate) fn key_table(term: &Term, key: &KeyRecord) -> String {
    let networks: Vec<String> = key.networks.iter().map(ToString::to_string).collect();
    let rows = [
        ("name", key.name.clone()),
        ("user", key.user.clone()),
        ("groups", key.groups.join(", ")),
        ("state", state(key).to_owned()),
        ("networks", networks.join(", ")),
        ("expires", key.expires_at.map(shown).unwrap_or_default()),
        (
            "technical name",
            key.technical_name.clone().unwrap_or_default(),
        ),
        ("metadata", metadata(&key.metadata)),
        ("key", key.hint.clone()),
        ("created", shown(key.created_at)),
        ("last used", key.last_used_at.map(shown).unwrap_or_default()),
    ];
    let said = rows.into_iter().filter(|(_, value)| !value.is_empty());
    table(
        term,
        None,
        said.map(|(label, value)| [label.to_owned(), value]),
    )
}

fn metadata(metadata: &Map<String, Value>) -> String {
    let pairs = metadata
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join(" ")
}

pub(crate) fn groups_table(groups: &[Group]) -> String {
    let rows = groups.iter().map(|group| {
        [
            group.code.clone(),
            group.name.clone(),
            group.members.len().to_string(),
        ]
    });
    table(&Term::stdout(), Some(["CODE", "TITLE", "KEYS"]), rows)
}

/// Columns with a blank between them, as wide as the terminal at most. Off a terminal no line is
/// broken.
pub(crate) fn table<const N: usize>(
    term: &Term,
    header: Option<[&str; N]>,
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some((_, width)) = term.size_checked() {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    if let Some(header) = header {
        table.set_header(header);
    }
    table.add_rows(rows.into_iter().map(|row| row.map(|cell| printable(&cell))));
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut lines = String::new();
    for line in table.lines() {
        let _ = writeln!(lines, "{}", line.trim_end());
    }
    lines
}

/// What a database holds may be made to move a terminal's cursor.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character.is_control() {
            true => '\u{fffd}',
            false => character,
        })
        .collect()
}

pub(crate) fn rfc3339(time: SystemTime) -> String {
    timestamp(time).to_string()
}

/// To the second, for people.
pub(crate) fn shown(time: SystemTime) -> String {
    format!("{:.0}", timestamp(time))
}

/// Stores keep times up to the year 9999, and so does `Timestamp`.
fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MAX)
}

/// A word of a shell's command.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
