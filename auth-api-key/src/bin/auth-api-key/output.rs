//! How records are printed: tables for people, JSON for scripts.

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, ErrorKind, Write as _},
    sync::OnceLock,
    time::SystemTime,
};

use auth_api_key::{
    Error,
    key::{
        COUNTED_KEYS, CreatedKey, Cursor, Group, KeyRecord, KeyState, Page, Paging, is_invisible,
    },
};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use console::Term;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// The argument of every command that prints records.
#[derive(Args)]
pub(crate) struct Output {
    /// Print JSON, for scripts
    #[arg(long)]
    pub(crate) json: bool,
}

/// Prints to standard output. A reader that stops early, such as `head`, is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_script(&harmless(text))
}

/// As [`print`], without escapes: for a text that has nothing from the database.
pub(crate) fn print_script(text: &str) -> Result<(), Failure> {
    match print_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// Prints a text as it is. It is an error if not all of it is written.
pub(crate) fn print_all(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

pub(crate) fn print_json(value: &(impl Serialize + ?Sized)) -> Result<(), Failure> {
    print(&(json(value)? + "\n"))
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    visible(serde_json::to_string_pretty(value))
}

/// JSON on one line.
pub(crate) fn json_line(value: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    Ok(visible(serde_json::to_string(value))? + "\n")
}

/// JSON with escapes for characters that a terminal would obey or not show.
fn visible(text: serde_json::Result<String>) -> Result<String, Failure> {
    let text = text.map_err(|error| Failure::Failed(error.to_string()))?;
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        // serde_json escapes the other control characters. These can only be inside strings.
        match character == '\u{7f}' || is_invisible(character) {
            true => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
            false => escaped.push(character),
        }
    }
    Ok(escaped)
}

/// Prints to standard error. If that fails, there is nobody to report it to.
pub(crate) fn note(text: &str) {
    let _ = say(text);
}

fn say(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(harmless(text).as_bytes())
}

/// Standard output did not take the texts of new keys.
pub(crate) enum Unprinted {
    /// Standard error has them.
    OnStderr(io::Error),
    /// Nobody has them.
    Lost(io::Error),
}

/// Prints the texts of keys to standard output, or if that fails to standard error.
pub(crate) fn print_texts(texts: &str, printed: &str) -> Result<(), Unprinted> {
    print_all(printed).map_err(|error| match say(texts) {
        Ok(()) => Unprinted::OnStderr(error),
        Err(_) => Unprinted::Lost(error),
    })
}

/// A text from a database that is safe on a terminal: it has escapes for control characters, which a
/// terminal obeys, and for characters that are invisible or change the direction of writing.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() || is_invisible(character) {
            true => printable.extend(character.escape_unicode()),
            false => printable.push(character),
        }
    }
    printable
}

/// Lines, each made [`printable`].
pub(crate) fn harmless(lines: &str) -> String {
    lines
        .split('\n')
        .map(printable)
        .collect::<Vec<_>>()
        .join("\n")
}

pub(crate) fn show(key: &KeyRecord, output: Output) -> Result<(), Failure> {
    match output.json {
        true => print_json(&with_login(key)),
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

/// An error if standard output goes nowhere, since an issued text would be lost. Rust opens /dev/null in
/// the place of a standard output that is closed.
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
                "standard output is closed or is /dev/null, so the text of the key would be lost; nothing \
                 was changed\nhelp: send standard output to a file or to another program"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// Prints an issued text, alone on standard output, or in the key's JSON.
pub(crate) fn issued(created: &CreatedKey, output: Output) -> Result<(), Failure> {
    let CreatedKey { record, secret, .. } = created;
    let text = match output.json {
        true => {
            json(&Issued {
                record,
                key: secret.expose(),
            })? + "\n"
        }
        false => {
            note(&key_table(&Term::stderr(), record));
            note("Keep this text; it is not shown again:\n");
            format!("{}\n", secret.expose())
        }
    };
    let name = printable(&record.name);
    print_texts(&text, &text).map_err(|unprinted| match unprinted {
        Unprinted::OnStderr(error) => Failure::Failed(format!(
            "the text of key \"{name}\" was issued, but standard output cannot be written: {error}\n\
             help: the text is on standard error instead; if others can read it there, issue another one \
             with {}",
            command("rotate --yes", &[&record.name])
        )),
        Unprinted::Lost(error) => Failure::Lost(error),
    })
}

/// The largest page after this cursor.
pub(crate) fn largest(after: Option<Cursor>) -> Paging {
    Paging::new().size(Paging::MAX_SIZE).after(after)
}

/// Gives a list, as many records at a time as the largest page has.
pub(crate) async fn walk<T>(
    list: impl AsyncFn(Option<Cursor>) -> Result<Page<T>, Error>,
    mut each: impl FnMut(Vec<T>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = list(after).await?;
        records.extend(page.items);
        if page.next.is_none() || records.len() >= Paging::MAX_SIZE {
            each(std::mem::take(&mut records))?;
        }
        match page.next {
            None => return Ok(()),
            next => after = next,
        }
    }
}

/// Prints all records of a list, page by page: as one JSON list, or for people as one table a page.
pub(crate) async fn print_list<T, J: Serialize>(
    json: bool,
    table: fn(&[T], bool) -> String,
    record: fn(T) -> J,
    list: impl AsyncFn(Option<Cursor>) -> Result<Page<T>, Error>,
) -> Result<(), Failure> {
    let printed = match json {
        true => print_json_list(record, list).await,
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

async fn print_json_list<T, J: Serialize>(
    record: fn(T) -> J,
    list: impl AsyncFn(Option<Cursor>) -> Result<Page<T>, Error>,
) -> Result<(), Failure> {
    let mut before = "[\n";
    walk(list, |records| {
        let mut text = String::new();
        for each in records {
            text += std::mem::replace(&mut before, ",\n");
            text += &format!("  {}", json(&record(each))?.replace('\n', "\n  "));
        }
        print_all(&text).map_err(Failure::Output)
    })
    .await?;
    let end = match before {
        "[\n" => "[]\n",
        _ => "\n]\n",
    };
    print_all(end).map_err(Failure::Output)
}

/// The logins of an Odoo's users, by their ids; set if the command reads the keys of an Odoo.
pub(crate) static LOGINS: OnceLock<BTreeMap<String, String>> = OnceLock::new();

/// Whether the keys are those of an Odoo, which does not know when a key was used.
pub(crate) fn is_odoo() -> bool {
    LOGINS.get().is_some()
}

/// A user, for people.
pub(crate) fn user(id: &str) -> String {
    match LOGINS.get().and_then(|logins| logins.get(id)) {
        Some(login) => format!("{id} {login}"),
        None => id.to_owned(),
    }
}

/// A key for scripts, with the login of its user.
#[derive(Serialize)]
pub(crate) struct WithLogin<T> {
    #[serde(flatten)]
    record: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<&'static str>,
}

pub(crate) fn with_login<T: Borrow<KeyRecord>>(record: T) -> WithLogin<T> {
    let user = &record.borrow().user;
    let login = LOGINS.get().and_then(|logins| logins.get(user));
    WithLogin {
        login: login.map(String::as_str),
        record,
    }
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
            user(&key.user),
            key.groups.join(", "),
            state(key).to_owned(),
            key.expires_at.map_or_else(|| "never".to_owned(), shown),
            match key.last_used_at {
                Some(time) => shown(time),
                None if is_odoo() => "unknown".to_owned(),
                None => "never".to_owned(),
            },
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
        ("user", user(&key.user)),
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

/// The number of keys of a group, which are not counted to the end.
pub(crate) fn counted(keys: u64) -> String {
    match keys > COUNTED_KEYS {
        true => format!("more than {COUNTED_KEYS}"),
        false => keys.to_string(),
    }
}

pub(crate) fn groups_table(groups: &[Group], with_header: bool) -> String {
    let header = with_header.then_some(["CODE", "TITLE", "KEYS"]);
    let rows = groups
        .iter()
        .map(|group| [group.code.clone(), group.name.clone(), counted(group.keys)]);
    table(&Term::stdout(), header, rows)
}

/// A table without lines. On a terminal it is as wide as the terminal at most; elsewhere no cell is
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

/// To the second, for people.
pub(crate) fn shown(time: SystemTime) -> String {
    // Stores keep times up to the year 9999, and so does `Timestamp`.
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
    format!("{time:.0}")
}

/// The options of this call for all commands. A command in a message has them, too.
pub(crate) static OPTIONS: OnceLock<String> = OnceLock::new();

/// A command of this program in a message, ready to paste: its name with options, and words.
pub(crate) fn command(name: &str, words: &[&str]) -> String {
    let options = OPTIONS.get().map_or("", String::as_str);
    let mut command = format!("`auth-api-key{options} {name}");
    if words.iter().any(|word| word.starts_with('-')) {
        command += " --";
    }
    for word in words {
        command += " ";
        command += &quoted(word);
    }
    command + "`"
}

/// A word, quoted for a shell.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    if printable(word) == word {
        return format!("'{}'", word.replace('\'', r"'\''"));
    }
    // Bytes that cannot be printed are escapes of `printf`.
    let mut format = String::new();
    for byte in word.bytes() {
        match plain(byte) && byte != b'-' {
            true => format.push(byte.into()),
            false => {
                let _ = write!(format, "\\{byte:03o}");
            }
        }
    }
    format!("\"$(printf '{format}')\"")
}
