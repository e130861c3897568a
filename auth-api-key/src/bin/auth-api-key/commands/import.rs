//! `import`: creates many keys from CSV or JSON lines: all of them, or none.

use std::{
    collections::{HashMap, HashSet},
    io::{self, IsTerminal as _, Read as _},
    pin::pin,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator, Error, NewKey,
    error::{InputError, StateError},
    key::{CreatedKey, IpNet, KeyFilter, KeyRecord, KeyUpdate, Paging, Secret},
    store::Stored,
};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::{
    acting::Acting,
    failure::Failure,
    output::{Unprinted, check_output, harmless, note, print_texts, walk},
    suggestions::alike,
    values::{LONG_NUMBER, group, has_long_number, network, time},
};

const IMPORT: &str = "\
CSV has a header with the names of its columns. A comma, a semicolon or a tab separates the \
columns; a first line such as `sep=;` may say which one. JSON lines have one object on each line. \
Only `name` and `user` are required:

  name             unique
  user             the id of the user that the key acts for
  key              the text that clients know already; if it is missing, one is issued and printed
  groups           shop;erp or shop,erp; in JSON also a list
  networks         10.0.0.0/8;192.0.2.7; in JSON also a list
  expires_at       2027-01-31T12:00:00Z, a day (its beginning in UTC), or a duration from now,
                   90d; empty if the key never expires
  technical_name   a-z, 0-9 and _
  active           true, or false for an archived key
  metadata         a JSON object

  printf 'name,user,groups\\nwebshop,user-7,shop;erp\\n' | auth-api-key import > issued.csv";

/// Import keys from standard input: all of them, or none
#[derive(clap::Args)]
#[command(after_help = IMPORT)]
pub(crate) struct Args {
    /// The format of standard input; without this, the first byte shows it
    #[arg(long)]
    format: Option<Format>,
    /// Import keys that have expired, too
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// Columns, with a header
    Csv,
    /// JSON lines: one object on each line
    Jsonl,
}

/// With fewer rows than this, an import prints no progress, since it is soon over.
const LONG: usize = 10_000;
/// How often to look at the progress.
const LOOK: Duration = Duration::from_millis(100);

const NOT_UTF8: &str = "is not UTF-8; save the file as UTF-8";

const COLUMNS: [&str; 9] = [
    "name",
    "user",
    "key",
    "groups",
    "networks",
    "expires_at",
    "technical_name",
    "active",
    "metadata",
];

/// A row without problems that can be found without the database.
struct Row {
    line: u64,
    record: KeyRecord,
    text: Option<Secret>,
}

/// A line, and what is wrong with it. It quotes no value: if the columns of a file are mixed up, any value
/// may be the text of a key.
type Problem = (u64, String);

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let input = input().map_err(Failure::Input)?;
    let format = match arguments.format {
        Some(format) => format,
        None => guess(&input)?,
    };
    let (rows, mut problems) = match format {
        Format::Csv => read_csv(&input)?,
        Format::Jsonl => read_json_lines(&input),
    };
    let read = rows.len() + problems.len();
    let now = SystemTime::now();
    let expired = |row: &&Row| !arguments.yes && row.record.expires_at.is_some_and(|at| at <= now);
    problems.extend(rows.iter().filter(expired).map(|row| {
        let problem = "expires_at is past; add `--yes` to import keys that have expired, too";
        (row.line, problem.to_owned())
    }));
    problems.extend(taken(&rows, auth).await?);
    if !problems.is_empty() {
        return Err(refused(problems, read));
    }

    if rows.iter().any(|row| row.text.is_none()) {
        check_output()?;
    }
    let lines: HashMap<String, u64> = rows
        .iter()
        .map(|row| (row.record.name.clone(), row.line))
        .collect();
    let issued: Vec<bool> = rows.iter().map(|row| row.text.is_none()).collect();
    let number = rows.len();
    let progress = ProgressBar::new(number as u64);
    let look = |template| {
        if let Ok(style) = ProgressStyle::with_template(template) {
            progress.set_style(style);
        }
    };
    look("preparing {wide_bar} {percent}% of {len} keys {elapsed}");
    progress.enable_steady_tick(LOOK);
    let keys = rows.into_iter().map(Row::into_key);
    let keys = keys.inspect(|_| progress.inc(1));
    let stored = Stored::default();
    let owned = auth.keys().acting_as(arguments.acting.name());
    let mut creating = pin!(owned.create_counted(keys, &stored));
    let mut said = None;
    // The first poll prepares all keys: only after it are keys stored.
    let created = loop {
        if let Ok(created) = timeout(LOOK, &mut creating).await {
            break created;
        }
        if said.is_none() {
            look(
                "storing {wide_bar} {percent}% of {len} keys, all at once; other changes wait {elapsed}",
            );
        }
        progress.set_position(stored.number() as u64);
        let tenths = 10 * stored.number() / number;
        // Without a terminal the bar is hidden.
        if said < Some(tenths) && progress.is_hidden() && number >= LONG {
            let percent = 10 * tenths;
            note(&format!(
                "storing {number} keys, all at once; other changes wait: {percent}%\n"
            ));
        }
        said = Some(tenths);
    };
    progress.finish_and_clear();
    let created =
        created.map_err(
            |error| match name_in(&error).and_then(|name| lines.get(name)) {
                Some(line) => refused(vec![(*line, error.to_string())], read),
                None => error.into(),
            },
        )?;

    let issued: Vec<&CreatedKey> = created
        .iter()
        .zip(issued)
        .filter_map(|(key, issued)| issued.then_some(key))
        .collect();
    let listed = list(format, &issued).map_err(Failure::Output)?;
    let seen = harmless(&listed);
    let printed = match io::stdout().is_terminal() {
        true => &seen,
        false => &listed,
    };
    match print_texts(&listed, printed) {
        Ok(()) => {}
        Err(Unprinted::OnStderr(error)) => {
            return Err(Failure::Failed(format!(
                "{} keys were imported, but standard output cannot be written: {error}\n\
                 help: the {} texts that were issued are on standard error instead; if others can read \
                 them there, rotate these keys",
                created.len(),
                issued.len()
            )));
        }
        Err(Unprinted::Lost(error)) => {
            for key in &created {
                owned.delete(&key.record.name).await?;
            }
            return Err(Failure::Lost(error));
        }
    }
    note(&format!(
        "{} keys imported, {} of them with a text that was issued\n",
        created.len(),
        issued.len()
    ));
    Ok(())
}

/// All of standard input, without a byte-order mark, and with line feeds as ends of lines.
fn input() -> io::Result<Vec<u8>> {
    let mut given = Vec::new();
    io::stdin().lock().read_to_end(&mut given)?;
    let given = given.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&given);
    let following = given.iter().skip(1).map(Some).chain([None]);
    let bytes = given.iter().zip(following);
    Ok(bytes
        .filter_map(|bytes| match bytes {
            (b'\r', Some(b'\n')) => None,
            (b'\r', _) => Some(b'\n'),
            (byte, _) => Some(*byte),
        })
        .collect())
}

fn guess(input: &[u8]) -> Result<Format, Failure> {
    match input.trim_ascii_start().first() {
        None => Err(Failure::Failed(
            "standard input is empty\nhelp: give CSV or JSON lines; `auth-api-key import --help` \
             describes them"
                .to_owned(),
        )),
        Some(b'{') => Ok(Format::Jsonl),
        Some(_) => Ok(Format::Csv),
    }
}

/// The separator of columns, and the length of a first line such as `sep=;`, which some programs write.
/// Without that line, the separator is the one that the header has most of.
fn separator(input: &[u8]) -> (u8, usize) {
    let first = input.split_inclusive(|byte| *byte == b'\n').next();
    let first = first.unwrap_or_default();
    if let [s, e, p, b'=', separator] = first.strip_suffix(b"\n").unwrap_or(first)
        && [*s, *e, *p].eq_ignore_ascii_case(b"sep")
    {
        return (*separator, first.len());
    }
    let header = input.trim_ascii_start().split(|byte| *byte == b'\n').next();
    let header = header.unwrap_or_default();
    let count = |separator: &u8| header.iter().filter(|byte| *byte == separator).count();
    let separator = [b'\t', b';', b','].into_iter().max_by_key(count);
    (separator.unwrap_or(b','), 0)
}

fn read_csv(input: &[u8]) -> Result<(Vec<Row>, Vec<Problem>), Failure> {
    let (separator, skipped) = separator(input);
    let mut records = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(&input[skipped..])
        .into_byte_records();
    let (mut counted, mut line) = (0, 1);
    // The next record that is not blank, and its line.
    let mut next = || -> Result<Option<(u64, csv::ByteRecord)>, Failure> {
        for record in &mut records {
            let record = record.map_err(|error| Failure::Input(error.into()))?;
            if record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            // The position is the end of the record before: blank lines may follow it.
            let end = record.position().map_or(0, csv::Position::byte);
            let end = usize::try_from(end).unwrap_or(usize::MAX) + skipped;
            let blank = input[end..].iter().take_while(|byte| **byte == b'\n');
            let begin = end + blank.count();
            let ends = input[counted..begin].iter().filter(|byte| **byte == b'\n');
            line += ends.count() as u64;
            counted = begin;
            return Ok(Some((line, record)));
        }
        Ok(None)
    };
    let text = csv::StringRecord::from_byte_record;
    let Some((line, header)) = next()? else {
        return Err(Failure::Failed(
            "standard input has no header\nhelp: write the names of the columns into the first line; \
             `auth-api-key import --help` lists them"
                .to_owned(),
        ));
    };
    let header = text(header).map_err(|_| NOT_UTF8.to_owned());
    let header = header.and_then(|mut header| {
        header.trim();
        check_header(&header).map(|()| header)
    });
    let header = header.map_err(|problem| {
        let columns = COLUMNS.join(", ");
        Failure::Failed(format!(
            "line {line}: {problem}\nhelp: the columns are {columns}"
        ))
    })?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    while let Some((line, record)) = next()? {
        let row = match text(record) {
            Err(_) => Err(NOT_UTF8.to_owned()),
            Ok(record) if record.len() != header.len() => {
                let (found, wanted) = (record.len(), header.len());
                Err(format!("has {found} fields, but the header has {wanted}"))
            }
            Ok(record) => {
                let fields = header.iter().zip(&record);
                let fields = fields.map(|(column, value)| (column.to_owned(), value.into()));
                Row::read(line, fields.collect())
            }
        };
        match row {
            Ok(row) => rows.push(row),
            Err(problem) => problems.push((line, problem)),
        }
    }
    Ok((rows, problems))
}

fn check_header(header: &csv::StringRecord) -> Result<(), String> {
    for (at, column) in header.iter().enumerate() {
        if !COLUMNS.contains(&column) {
            return Err(unknown("column", column));
        }
        if header.iter().take(at).any(|earlier| earlier == column) {
            return Err(format!("the header has the column \"{column}\" twice"));
        }
    }
    match ["name", "user"]
        .into_iter()
        .find(|needed| !header.iter().any(|column| column == *needed))
    {
        Some(missing) => Err(format!("the column \"{missing}\" is missing")),
        None => Ok(()),
    }
}

fn unknown(what: &str, name: &str) -> String {
    match alike(name, COLUMNS) {
        Some(alike) => format!("there is no {what} {name:?}; did you mean \"{alike}\"?"),
        // Not quoted: if the header is missing, this may be the text of a key.
        None => format!("there is an unknown {what}"),
    }
}

fn read_json_lines(input: &[u8]) -> (Vec<Row>, Vec<Problem>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(input.split(|byte| *byte == b'\n')) {
        // If two files were joined, the second one also begins with a mark.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if text.trim_ascii().is_empty() {
            continue;
        }
        let text = str::from_utf8(text).map_err(|_| NOT_UTF8.to_owned());
        let fields = text.and_then(|text| {
            if has_long_number(text) {
                return Err(LONG_NUMBER.to_owned());
            }
            serde_json::from_str(text).map_err(|error| {
                format!(
                    "is not a JSON object on one line (column {})",
                    error.column()
                )
            })
        });
        match fields.and_then(|fields| Row::read(line, fields)) {
            Ok(row) => rows.push(row),
            Err(problem) => problems.push((line, problem)),
        }
    }
    (rows, problems)
}

impl Row {
    fn read(line: u64, fields: Map<String, Value>) -> Result<Self, String> {
        let mut fields = Fields(fields);
        let mut needed = |column| fields.text(column)?.ok_or(format!("{column} is missing"));
        let (name, user) = (needed("name")?, needed("user")?);
        let text = fields.text("key")?;
        let groups = fields.list("groups")?;
        for code in &groups {
            group(code).map_err(|problem| format!("groups: {problem}"))?;
        }
        let networks: Vec<IpNet> = fields
            .list("networks")?
            .iter()
            .map(|text| network(text))
            .collect::<Result<_, _>>()
            .map_err(|expected| format!("networks cannot be read: {expected}"))?;
        let expires_at = fields
            .text("expires_at")?
            .map(|text| time(&text))
            .transpose()
            .map_err(|expected| format!("expires_at cannot be read: {expected}"))?;
        let technical_name = fields.text("technical_name")?;
        let active = fields.flag("active")?.unwrap_or(true);
        let metadata = fields.object("metadata")?;
        if let Some(field) = fields.0.keys().next() {
            let problem = unknown("field", field);
            return Err(format!("{problem}; the fields are {}", COLUMNS.join(", ")));
        }
        // Checked here, since the library would report only the first bad row.
        let mut record = KeyUpdate::new()
            .name(name)
            .user(user)
            .groups(groups)
            .networks(networks)
            .expires_at(expires_at)
            .technical_name(technical_name)
            .metadata(metadata)
            .apply(KeyRecord::new(0, "", ""))
            .map_err(|error| match error {
                // Not quoted: if columns are mixed up, this may be the text of a key.
                Error::Input(InputError::UnusableTechnicalName { .. }) => {
                    "technical_name has other characters than a-z, 0-9 and _".to_owned()
                }
                error => error.to_string(),
            })?;
        record.active = active;
        let text = text.map(|text| Secret::given(&record.name, text));
        let text = text.transpose().map_err(|error| error.to_string())?;
        Ok(Self { line, record, text })
    }

    fn into_key(self) -> NewKey {
        let KeyRecord {
            active,
            expires_at,
            groups,
            networks,
            name,
            user,
            technical_name,
            metadata,
            ..
        } = self.record;
        let mut key = NewKey::new(name, user)
            .groups(groups)
            .networks(networks)
            .metadata(metadata);
        if !active {
            key = key.archived();
        }
        if let Some(time) = expires_at {
            key = key.expires_at(time);
        }
        if let Some(name) = technical_name {
            key = key.technical_name(name);
        }
        if let Some(text) = self.text {
            key = key.text(text.expose());
        }
        key
    }
}

/// The fields of a row that are not read yet. An empty field counts as missing.
struct Fields(Map<String, Value>);

impl Fields {
    fn take(&mut self, column: &str) -> Option<Value> {
        let value = self.0.remove(column)?;
        (!value.is_null() && value != "").then_some(value)
    }

    fn text(&mut self, column: &str) -> Result<Option<String>, String> {
        match self.take(column) {
            None => Ok(None),
            // A text of a key is exact. Blanks around other values belong to the layout of the file.
            Some(Value::String(text)) if column == "key" => Ok(Some(text)),
            Some(Value::String(text)) => {
                Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
            }
            Some(_) => Err(format!("{column} must be a string")),
        }
    }

    fn list(&mut self, column: &str) -> Result<Vec<String>, String> {
        let parts = match self.take(column) {
            None => Some(Vec::new()),
            Some(Value::String(text)) => {
                let parts = text.split([';', ',']).map(|part| part.trim().to_owned());
                Some(parts.collect())
            }
            Some(Value::Array(parts)) => parts
                .into_iter()
                .map(|part| part.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        parts.ok_or(format!("{column} must be a list of strings"))
    }

    fn flag(&mut self, column: &str) -> Result<Option<bool>, String> {
        match self.take(column) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("false") => {
                Ok(Some(false))
            }
            Some(_) => Err(format!("{column} must be true or false")),
        }
    }

    fn object(&mut self, column: &str) -> Result<Map<String, Value>, String> {
        let object = match self.take(column) {
            Some(Value::String(text)) if has_long_number(&text) => {
                return Err(format!("{column}: {LONG_NUMBER}"));
            }
            None => Some(Map::new()),
            Some(Value::Object(object)) => Some(object),
            Some(Value::String(text)) => serde_json::from_str(&text).ok(),
            Some(_) => None,
        };
        object.ok_or(format!("{column} must be a JSON object"))
    }
}

/// The rows with a value that another row or the database has already.
async fn taken(rows: &[Row], auth: &Authenticator) -> Result<Vec<Problem>, Failure> {
    let wanted: HashSet<&str> = rows.iter().map(|row| row.record.name.as_str()).collect();
    let wanted_technical = rows.iter().map(|row| row.record.technical_name.as_deref());
    let wanted_technical: HashSet<&str> = wanted_technical.flatten().collect();
    let (mut names, mut technical_names) = (Vec::new(), Vec::new());
    let all = KeyFilter::new().size(Paging::MAX_SIZE);
    let list = async |after| auth.keys().list(&all.clone().after(after)).await;
    walk(list, |keys| {
        for key in keys {
            technical_names.extend(
                key.technical_name
                    .filter(|name| wanted_technical.contains(name.as_str())),
            );
            names.extend(Some(key.name).filter(|name| wanted.contains(name.as_str())));
        }
        Ok(())
    })
    .await?;

    let mut problems = Vec::new();
    let values = rows.iter().map(|row| (row, Some(row.record.name.as_str())));
    repeated(
        "name",
        values,
        names.iter().map(String::as_str),
        &mut problems,
    );
    let values = rows
        .iter()
        .map(|row| (row, row.record.technical_name.as_deref()));
    let stored = technical_names.iter().map(String::as_str);
    repeated("technical_name", values, stored, &mut problems);
    let texts = rows
        .iter()
        .map(|row| (row, row.text.as_ref().map(Secret::expose)));
    repeated("key", texts, std::iter::empty(), &mut problems);
    Ok(problems)
}

fn repeated<'a>(
    column: &str,
    values: impl Iterator<Item = (&'a Row, Option<&'a str>)>,
    stored: impl Iterator<Item = &'a str>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: HashMap<&str, Option<u64>> = stored.map(|value| (value, None)).collect();
    for (row, value) in values {
        let Some(value) = value else { continue };
        match seen.get(value) {
            None => {
                seen.insert(value, Some(row.line));
            }
            Some(None) => problems.push((
                row.line,
                format!("a key in the database has the same {column}"),
            )),
            Some(Some(line)) => {
                problems.push((row.line, format!("line {line} has the same {column}")));
            }
        }
    }
}

fn refused(mut problems: Vec<Problem>, rows: usize) -> Failure {
    problems.sort();
    let mut lines: Vec<u64> = problems.iter().map(|(line, _)| *line).collect();
    lines.dedup();
    let bad = lines.len();
    let problems: String = problems
        .iter()
        .map(|(line, problem)| format!("\nline {line}: {problem}"))
        .collect();
    Failure::Failed(format!(
        "{bad} of {rows} rows cannot be imported; nothing was stored{problems}"
    ))
}

/// The name of the new key that the library refused.
fn name_in(error: &Error) -> Option<&str> {
    match error {
        Error::State(StateError::NameTaken { name })
        | Error::State(StateError::TechnicalNameTaken { name, .. })
        | Error::State(StateError::TextTaken { name, .. })
        | Error::Input(InputError::BeyondMaxLifetime { name, .. }) => Some(name),
        _ => None,
    }
}

/// The issued texts, in the format of the input.
fn list(format: Format, issued: &[&CreatedKey]) -> io::Result<String> {
    if issued.is_empty() {
        return Ok(String::new());
    }
    match format {
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["name", "key"])?;
            for key in issued {
                writer.write_record([key.record.name.as_str(), key.secret.expose()])?;
            }
            let listed = writer.into_inner().map_err(|error| error.into_error())?;
            String::from_utf8(listed).map_err(io::Error::other)
        }
        Format::Jsonl => Ok(issued
            .iter()
            .map(|key| {
                let line = serde_json::json!({"name": key.record.name, "key": key.secret.expose()});
                format!("{line}\n")
            })
            .collect()),
    }
}
