//! How records are printed: tables for people, JSON for scripts.

use std::{
    fmt::Write as _,
    io::{self, BufWriter, ErrorKind, Write as _},
    time::SystemTime,
};

use auth_api_key::{
    Error,
    key::{CreatedKey, Cursor, Group, KeyRecord, KeyState, Page, Paging},
};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use console::Term;
use jiff::Timestamp;
use serde::{Serialize, Serializer as _, ser::SerializeSeq};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// Of commands that print records.
#[derive(Args)]
pub(crate) struct Output {
    /// Print JSON, for scripts
    #[arg(long)]
    pub(crate) json: bool,
}

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

pub(crate) fn print_json(value: &(impl Serialize + ?Sized)) -> Result<(), Failure> {
    print(&json(value)?)
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::Failed(error.to_string()))
}

/// Says something on standard error, to whoever still listens.
pub(crate) fn note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

pub(crate) fn show(key: &KeyRecord, output: Output) -> Result<(), Failure> {
    match output.json {
        true => print_json(key),
        false => print(&key_table(&Term::stdout(), key)),
    }
}

pub(crate) fn show_all(keys: &[KeyRecord], output: Output) -> Result<(), Failure> {
    match output.json {
        true => print_json(keys),
        false => print(&keys_table(keys, true)),
    }
}

/// A key as JSON, with the text that was issued for it just now.
#[derive(Serialize)]
struct Issued<'a> {
    #[serde(flatten)]
    record: &'a KeyRecord,
    key: &'a str,
}

/// An error if what is printed goes nowhere, so that a text that is issued would be lost. What is
/// closed when a program in Rust begins is /dev/null to it.
pub(crate) fn check_output() -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::{
            fs::{self, File},
            os::{fd::AsFd as _, unix::fs::MetadataExt as _},
        };
        let stdout = io::stdout().as_fd().try_clone_to_owned();
        let stdout = stdout.and_then(|stdout| File::from(stdout).metadata());
        let stdout = stdout.map_err(Failure::Output)?.rdev();
        if fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == stdout) {
            return Err(Failure::Failed(
                "standard output is closed or /dev/null, where the text of the key would be lost; \
                 nothing was changed\nhelp: let standard output go to a file or to another program"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// Shows a text that was issued, alone on standard output, or in the key's JSON.
pub(crate) fn issued(created: &CreatedKey, output: Output) -> Result<(), Failure> {
    let CreatedKey { record, secret, .. } = created;
    let text = match output.json {
        true => json(&Issued {
            record,
            key: secret.expose(),
        })?,
        false => {
            note(&key_table(&Term::stderr(), record));
            note("Keep this text; it is not shown again:\n");
            format!("{}\n", secret.expose())
        }
    };
    print_all(&text).map_err(|error| {
        note(&text);
        Failure::Failed(format!(
            "the text of key \"{}\" was issued, but standard output cannot be written: {error}\n\
             help: the text is on standard error instead; if others read it there, issue another \
             one with `auth-api-key rotate --yes {}`",
            record.name,
            quoted(&record.name)
        ))
    })
}

/// The largest page after this place.
pub(crate) fn whole(after: Option<Cursor>) -> Paging {
    Paging::new().size(Paging::MAX_SIZE).after(after)
}

/// Gives each page of a list, one after the other.
pub(crate) async fn walk<T>(
    list: impl AsyncFn(Option<Cursor>) -> Result<Page<T>, Error>,
    mut each: impl FnMut(Vec<T>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = list(after).await?;
        each(page.items)?;
        match page.next {
            None => return Ok(()),
            next => after = next,
        }
    }
}

/// Prints all records of a list as they come: one JSON list, or for people a table of each page.
pub(crate) async fn print_list<T: Serialize>(
    json: bool,
    table: fn(&[T], bool) -> String,
    list: impl AsyncFn(Option<Cursor>) -> Result<Page<T>, Error>,
) -> Result<(), Failure> {
    let printed = match json {
        true => print_json_list(list).await,
        false => {
            let mut with_header = true;
            walk(list, |records| {
                let text = table(&records, std::mem::take(&mut with_header));
                print_all(&text).map_err(Failure::Output)
            })
            .await
        }
    };
    match printed {
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

async fn print_json_list<T: Serialize>(
    list: impl AsyncFn(Option<Cursor>) -> Result<Page<T>, Error>,
) -> Result<(), Failure> {
    let unprinted = |error: serde_json::Error| Failure::Output(error.into());
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut serializer = serde_json::Serializer::pretty(&mut stdout);
    // Begun with the first page, so that nothing is printed where there is none.
    let (mut unbegun, mut items) = (Some(&mut serializer), None);
    walk(list, |records| {
        if let Some(serializer) = unbegun.take() {
            items = Some(serializer.serialize_seq(None).map_err(unprinted)?);
        }
        if let Some(items) = &mut items {
            for record in &records {
                items.serialize_element(record).map_err(unprinted)?;
            }
        }
        Ok(())
    })
    .await?;
    items.map_or(Ok(()), SerializeSeq::end).map_err(unprinted)?;
    stdout.write_all(b"\n").map_err(Failure::Output)?;
    stdout.flush().map_err(Failure::Output)
}

pub(crate) fn state(record: &KeyRecord) -> &'static str {
    if !record.damages.is_empty() {
        return "unreadable";
    }
    match record.state_at(SystemTime::now()) {
        KeyState::Active => "active",
        KeyState::Expired => "expired",
        KeyState::Archived if record.active => "user archived",
        KeyState::Archived => "archived",
    }
}

pub(crate) fn keys_table(keys: &[KeyRecord], with_header: bool) -> String {
    let header = with_header.then_some([
        "NAME",
        "USER",
        "GROUPS",
        "STATE",
        "EXPIRES",
        "LAST USED",
        "KEY",
    ]);
    let rows = keys.iter().map(|key| {
        [
            key.name.clone(),
            key.user.clone(),
            key.groups.join(", "),
            state(key).to_owned(),
            key.expires_at.map_or_else(|| "never".to_owned(), shown),
            key.last_used_at.map_or_else(|| "never".to_owned(), shown),
            key.hint.to_string(),
        ]
    });
    table(&Term::stdout(), header, rows)
}

pub(crate) fn key_table(term: &Term, key: &KeyRecord) -> String {
    let damages: Vec<String> = key.damages.iter().map(ToString::to_string).collect();
    let networks: Vec<String> = key.networks.iter().map(ToString::to_string).collect();
    let rows = [
        ("name", key.name.clone()),
        ("user", key.user.clone()),
        ("groups", key.groups.join(", ")),
        ("state", state(key).to_owned()),
        ("damage", damages.join("; ")),
        ("networks", networks.join(", ")),
        ("expires", key.expires_at.map(shown).unwrap_or_default()),
        (
            "technical name",
            key.technical_name.clone().unwrap_or_default(),
        ),
        ("metadata", metadata(&key.metadata)),
        ("key", key.hint.to_string()),
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

pub(crate) fn groups_table(groups: &[Group], with_header: bool) -> String {
    let header = with_header.then_some(["CODE", "TITLE", "KEYS"]);
    let rows = groups.iter().map(|group| {
        [
            group.code.clone(),
            group.name.clone(),
            group.keys.to_string(),
        ]
    });
    table(&Term::stdout(), header, rows)
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

/// To the second, for people.
pub(crate) fn shown(time: SystemTime) -> String {
    // Stores keep times up to the year 9999, and so does `Timestamp`.
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
    format!("{time:.0}")
}

/// A word of a shell's command.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
