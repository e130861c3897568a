//! Keys whose texts come from the surroundings of a server and not from its store.

mod ini;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    ffi::OsString,
    fmt, fs,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::future::BoxFuture;
use toml::{Table, Value};

use self::ini::{DEFAULT, Ini, IniError, Place, Section, with_line_feeds};
use super::lookup::{Lookup, PepperCheck, StoredDigest, Watch};
use crate::{
    error::{Error, OpenError, StateError},
    key::{Digest, Hint, KeyRecord, Peppers, Secret, without_mark},
};

const SECTION: &str = "api_key_";
const OPTION: &str = "key";
const VARIABLE: &str = "AUTH_API_KEY_";
/// From this section Odoo takes one text for all keys.
const GLOBAL: &str = "auth_api_key";

/// Texts of keys that the surroundings of a server give: a configuration file, or variables of its
/// environment. The store keeps all else that is known of such a key.
///
/// A text is given for a [technical name](crate::NewKey::technical_name). The key with this name then has
/// only this text on this node, not the one in the store. So stages of a deployment can have different texts
/// over copies of one database.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, NewKey, store::{EnvironmentKeys, MemoryStore}};
///
/// // Usually a file, or the environment: `EnvironmentKeys::from_env()?.file("keys.toml")?`.
/// let keys = EnvironmentKeys::new().ini("[api_key_webshop]\nkey = swordfish\n")?;
/// let store = MemoryStore::new();
/// let auth = Authenticator::builder().environment(keys).build(store).await?;
/// let stored = auth.keys().create(NewKey::new("Web shop", "user-7").technical_name("webshop")).await?;
///
/// assert_eq!(auth.verify("swordfish", &[], None).await.unwrap().name, "Web shop");
/// assert!(auth.verify(stored.secret.expose(), &[], None).await.is_err());
/// # Ok(()) }
/// ```
///
/// If a name is given more than once, the text that was given last counts. Blanks around a text
/// are trimmed, and so is a byte-order mark at the beginning of a file or a variable. A text that
/// holds an [invisible character](crate::key::is_invisible) is an error.
///
/// # INI
///
/// An INI file is read as Odoo's module `server_environment` reads it, which is by the `configparser`
/// of Python, 3.10 or later:
///
/// - `name = value` and `name: value`. Names are case-sensitive, those of sections and of options.
///   Quotes, backslashes and all that follows the `=` are part of the value, also ` ; text`.
/// - A line that is indented more than the line with its option belongs to the value, also if it
///   looks like a section or an option. A comment is a line of its own that begins with `#` or `;`.
/// - A `%` is written `%%`. `%(name)s` is the value of that option of the section.
/// - Every section inherits the options of `[DEFAULT]`.
/// - A section that is there twice, an option that its section has twice, and a line that is none of
///   this are errors.
///
/// Only the `key` of sections `[api_key_…]` is read: a single `%` elsewhere does no harm. A byte-order
/// mark at the beginning is skipped, which Python does not do. From `[auth_api_key]` Odoo would give one
/// text to all keys; here it is an error.
///
/// # What is reported
///
/// When the authenticator is built, the log has warnings about what has no effect: a section
/// `[api_key_…]` without `key`, and one whose technical name no key has; a section of another name
/// that looks like one of a key; such a section that is indented, and so part of a value. And about
/// an empty text: nobody can use its key until there is one.
#[derive(Clone, Default)]
pub struct EnvironmentKeys {
    /// The sections of keys, and what they inherit.
    read: Ini,
    /// By technical name; `None` for an empty text.
    texts: BTreeMap<String, Option<Secret>>,
    /// About what is not in `read`.
    remarks: Vec<String>,
    /// Variables that Kubernetes may have made, and the technical names that they would be for.
    ignored: BTreeMap<String, String>,
}

impl EnvironmentKeys {
    /// No keys yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the variables `SERVER_ENV_CONFIG` and `SERVER_ENV_CONFIG_SECRET`, which hold texts as
    /// [`ini`](Self::ini) takes them, and then `AUTH_API_KEY_<NAME>`, which hold one text each.
    ///
    /// Kubernetes makes variables for each Service. For one that is called `auth-api-key` they begin in the
    /// same way: `AUTH_API_KEY_SERVICE_HOST`, `AUTH_API_KEY_PORT_80_TCP`. Those that end in `_SERVICE_HOST`
    /// or `_PORT`, or have `_SERVICE_PORT` or `_PORT_<number>_TCP` (`UDP`, `SCTP`) in them, are ignored, and
    /// the log says so. If the technical name of a key, such as `port`, makes such a variable, give its text
    /// in a file: if only the variable has it, the authenticator is not built.
    ///
    /// # Errors
    ///
    /// As [`ini`](Self::ini), naming the variable; [`Error::Open`] for a
    /// variable that is not Unicode.
    pub fn from_env() -> Result<Self, Error> {
        let mut keys = Self::new();
        keys.read_variables()?;
        keys.read_texts(std::env::vars_os())?;
        keys.resolved()
    }

    /// Reads all that Odoo's module `server_environment` reads, as one configuration: these files, and
    /// then `SERVER_ENV_CONFIG` and `SERVER_ENV_CONFIG_SECRET`. A value may refer to what a later one
    /// of them gives.
    ///
    /// The order of the files counts, too. Odoo reads those of `server_environment_files` first, by
    /// name: `default/*.conf`, then `*.conf` of the folder that `running_env` names. Its own
    /// `odoo.conf` is the last.
    ///
    /// # Errors
    ///
    /// As [`file`](Self::file) and [`from_env`](Self::from_env).
    pub fn server_environment<P: AsRef<Path>>(
        files: impl IntoIterator<Item = P>,
    ) -> Result<Self, Error> {
        let mut keys = Self::new();
        for file in files {
            keys.read_file(file.as_ref())?;
        }
        keys.read_variables()?;
        keys.resolved()
    }

    /// Adds the keys of a file: TOML if its name ends in `.toml`, and INI otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::Open`] if the file cannot be read, or is not UTF-8; as [`toml`](Self::toml) and
    /// [`ini`](Self::ini).
    pub fn file(mut self, path: impl AsRef<Path>) -> Result<Self, Error> {
        self.read_file(path.as_ref())?;
        self.resolved()
    }

    /// Adds the keys of an INI text: sections `[api_key_<technical name>]` with a line `key = …`.
    /// Other sections and lines are somebody else's.
    ///
    /// # Errors
    ///
    /// [`Error::Open`], naming the line without quoting it; [`Error::Input`] for a text that no
    /// header can carry.
    pub fn ini(mut self, text: &str) -> Result<Self, Error> {
        self.read_ini("the INI text", text)?;
        self.resolved()
    }

    /// Adds the keys of a TOML text: tables `[api_key_<technical name>]` with a string `key`.
    ///
    /// # Errors
    ///
    /// As [`ini`](Self::ini).
    pub fn toml(mut self, text: &str) -> Result<Self, Error> {
        self.read_toml("the TOML text", text)?;
        self.resolved()
    }

    /// The text that is given for a technical name; it may be empty.
    #[cfg(feature = "odoo")]
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let text = self.texts.get(name)?;
        Some(text.as_ref().map_or("", Secret::expose))
    }

    /// What the owner of the configuration should know. `known` are technical names that a key has.
    pub(crate) fn remarks(&self, known: &HashSet<String>) -> Vec<String> {
        let mut remarks = self.remarks.clone();
        if !self.ignored.is_empty() {
            let ignored: Vec<&str> = self.ignored.keys().map(String::as_str).collect();
            remarks.push(format!(
                "Kubernetes makes such variables for a Service, so none of these is read as the text of \
                 a key: {}",
                ignored.join(", ")
            ));
        }
        for (section, Section { place, options }) in &self.read.sections {
            let Some(name) = section.strip_prefix(SECTION) else {
                continue;
            };
            let Some(value) = self.read.value(section, OPTION) else {
                let case = match options.keys().any(|key| key.eq_ignore_ascii_case(OPTION)) {
                    true => ", in lower case",
                    false => "",
                };
                remarks.push(format!(
                    "{place}: the section [{section}] has no `key`, so the key keeps the text in the \
                     store: write `key = …`{case}"
                ));
                continue;
            };
            let place = &value.place;
            if !known.contains(name) {
                remarks.push(format!(
                    "{place}: no key has the technical name {name:?}, for which this gives a text: \
                     create one, or rename the section"
                ));
            }
            if let Some(None) = self.texts.get(name) {
                remarks.push(format!(
                    "{place}: the text of the key {name:?} is empty: nobody can use this key until \
                     it has one"
                ));
            }
        }
        remarks
    }

    fn read_variables(&mut self) -> Result<(), Error> {
        for name in ["SERVER_ENV_CONFIG", "SERVER_ENV_CONFIG_SECRET"] {
            if let Some(text) = std::env::var_os(name) {
                let text = text
                    .to_str()
                    .ok_or_else(|| unreadable(name, "it is not Unicode; write it in UTF-8"))?;
                self.read_ini(name, text)?;
            }
        }
        Ok(())
    }

    fn read_texts(
        &mut self,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<(), Error> {
        for (variable, text) in variables {
            let Some(variable) = variable.to_str() else {
                continue;
            };
            let Some(suffix) = variable.strip_prefix(VARIABLE) else {
                continue;
            };
            let name = suffix.to_ascii_lowercase();
            if is_of_kubernetes(suffix) {
                self.ignored.insert(variable.to_owned(), name);
                continue;
            }
            let text = text
                .to_str()
                .ok_or_else(|| unreadable(variable, "it is not Unicode; write it in UTF-8"))?;
            let section = format!("{SECTION}{name}");
            (self.read).set_verbatim(&section, OPTION, variable, without_mark(text));
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path) -> Result<(), Error> {
        let source = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| {
            unreadable(
                &source,
                format!("{error}; give the path of a file, INI or TOML"),
            )
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let before = with_line_feeds(&String::from_utf8_lossy(before));
            let line = before.matches('\n').count() + 1;
            let problem = "it is not UTF-8; save the file as UTF-8";
            unreadable(&source, format!("line {line}: {problem}"))
        })?;
        let toml = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        match toml {
            true => self.read_toml(&source, &text),
            false => self.read_ini(&source, &with_line_feeds(&text)),
        }
    }

    fn read_ini(&mut self, source: &str, text: &str) -> Result<(), Error> {
        for indented in self.read.read(source, text)? {
            let (place, section) = (&indented.place, indented.section);
            if section.starts_with(SECTION) || meant(&section).is_some() {
                self.remarks.push(format!(
                    "{place}: [{section}] is indented, and so part of the value above it: remove \
                     the blanks before it and before its lines"
                ));
            }
        }
        let remarks = &mut self.remarks;
        self.read.sections.retain(|name, section| {
            let kept = name.starts_with(SECTION) || [DEFAULT, GLOBAL].contains(&name.as_str());
            if !kept {
                remarks.extend(remark_on(name, &section.place));
            }
            kept
        });
        Ok(())
    }

    fn read_toml(&mut self, source: &str, text: &str) -> Result<(), Error> {
        // toml's own message quotes the line.
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = text[..before].matches('\n').count() + 1;
            let problem = "write tables such as `[api_key_webshop]` with a line `key = \"…\"`";
            unreadable(source, format!("line {line} is not TOML; {problem}"))
        })?;
        let place = Place {
            origin: source.to_owned(),
            line: None,
        };
        for (section, values) in &table {
            if !section.starts_with(SECTION) {
                self.remarks.extend(remark_on(section, &place));
                continue;
            }
            match values.get(OPTION) {
                Some(Value::String(text)) => {
                    self.read.set_verbatim(section, OPTION, source, text);
                }
                Some(_) => {
                    let problem = format!("`key` in [{section}] is not a string; quote it");
                    return Err(unreadable(source, problem));
                }
                None => self.read.section(section, &place),
            }
        }
        Ok(())
    }

    /// Finds the texts, once all is read that they may refer to.
    fn resolved(mut self) -> Result<Self, Error> {
        if let Some(value) = self.read.value(GLOBAL, OPTION) {
            let problem = "[auth_api_key] gives one text to all keys; write a section for each key, \
                           such as [api_key_webshop]";
            return Err(IniError::new(&value.place, problem).into());
        }
        self.texts.clear();
        for section in self.read.sections.keys() {
            let name = section.strip_prefix(SECTION);
            let value = self.read.value(section, OPTION);
            let (Some(name), Some(value)) = (name, value) else {
                continue;
            };
            let text = self.read.text(section, value)?;
            // Also if only the first line is empty: Odoo's text then begins with the end of that line,
            // and no request has it.
            if text.trim_end().contains('\n') {
                let problem = "the text of the key has several lines; write it on one, and indent \
                               no line after it";
                return Err(IniError::new(&value.place, problem).into());
            }
            let text = text.trim();
            let secret = match text.is_empty() {
                true => None,
                false => Some(Secret::given(name, text)?),
            };
            self.texts.insert(name.to_owned(), secret);
        }
        Ok(self)
    }
}

/// Whether Kubernetes makes a variable for a Service whose name ends so.
fn is_of_kubernetes(suffix: &str) -> bool {
    let words: Vec<&str> = suffix.split('_').collect();
    (0..words.len()).any(|at| match &words[at..] {
        ["SERVICE", "HOST"] | ["SERVICE", "PORT", ..] | ["PORT"] => true,
        ["PORT", number, "TCP" | "UDP" | "SCTP", ..] => number.parse::<u16>().is_ok(),
        _ => false,
    })
}

/// About a section that is not a key's, but looks like one.
fn remark_on(section: &str, place: &Place) -> Option<String> {
    let name = meant(section)?;
    Some(format!(
        "{place}: [{section}] is not a section of a key: did you mean [{SECTION}{name}]?"
    ))
}

/// The technical name that a section was to have, if its name is almost one of a key's.
fn meant(section: &str) -> Option<String> {
    const TYPOS: usize = 2;
    let section = section.trim().to_lowercase();
    let section = section.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    let section = &section[section.find("api").unwrap_or(0)..];
    let (_, _, name) = (0..=section.len())
        .filter_map(|end| section.split_at_checked(end))
        .map(|(start, name)| (strsim::damerau_levenshtein(start, SECTION), start, name))
        .filter(|(typos, ..)| *typos <= TYPOS)
        .min_by_key(|(typos, start, _)| (*typos, Reverse(start.len())))?;
    Some(match name {
        "" => "…".to_owned(),
        name => name.to_owned(),
    })
}

/// Without the texts.
impl fmt::Debug for EnvironmentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.texts.keys()).finish()
    }
}

fn unreadable(origin: &str, problem: impl fmt::Display) -> Error {
    OpenError::UnreadableConfiguration {
        origin: origin.to_owned(),
        problem: problem.to_string(),
    }
    .into()
}

impl From<IniError> for Error {
    fn from(IniError { place, problem }: IniError) -> Self {
        match place.line {
            Some(line) => unreadable(&place.origin, format!("line {line}: {problem}")),
            None => unreadable(&place.origin, problem),
        }
    }
}

/// Finds the keys of a store. The environment gives the texts of some of them.
#[derive(Debug)]
pub(crate) struct Overlay {
    store: Arc<dyn Lookup>,
    /// The technical name and the hint of each text of the environment.
    texts: HashMap<Digest, (String, Hint)>,
    overridden: HashSet<String>,
}

impl Overlay {
    /// Looks for the keys that the texts are meant for, and reports those that are not there.
    pub(crate) async fn new(
        store: Arc<dyn Lookup>,
        keys: EnvironmentKeys,
        peppers: &Peppers,
    ) -> Result<Self, Error> {
        let mut overlay = Self {
            store,
            texts: HashMap::new(),
            overridden: HashSet::new(),
        };
        let mut known = HashSet::new();
        for name in keys.texts.keys() {
            if overlay.store.find_technical_name(name).await?.is_some() {
                known.insert(name.clone());
            }
        }
        for (variable, name) in &keys.ignored {
            let given = keys.texts.contains_key(name);
            if !given && overlay.store.find_technical_name(name).await?.is_some() {
                let problem = format!(
                    "Kubernetes makes such variables for a Service, so it is not read as the text \
                     of the key with the technical name {name:?}; give the text in a file, in the \
                     section [{SECTION}{name}], or give the key another technical name"
                );
                return Err(unreadable(variable, problem));
            }
        }
        for remark in keys.remarks(&known) {
            tracing::warn!("{remark}");
        }
        for (name, secret) in keys.texts {
            if let Some(secret) = secret {
                let sealed = peppers.seal_anyway(&secret);
                let text = (name.clone(), sealed.hint);
                if let Some((holder, _)) = overlay.texts.insert(sealed.digest, text) {
                    return Err(StateError::TextTaken { name, holder }.into());
                }
            }
            overlay.overridden.insert(name);
        }
        Ok(overlay)
    }

    async fn look_up(&self, digests: &[Digest]) -> Result<Option<KeyRecord>, Error> {
        let given = digests.iter().find_map(|digest| self.texts.get(digest));
        if let Some((name, hint)) = given {
            let found = self.store.find_technical_name(name).await?;
            return Ok(found.map(|record| KeyRecord {
                hint: hint.clone(),
                ..record
            }));
        }
        let found = self.store.find(digests).await?;
        Ok(found.filter(|record| !self.overrides(record)))
    }

    fn overrides(&self, record: &KeyRecord) -> bool {
        let name = record.technical_name.as_ref();
        name.is_some_and(|name| self.overridden.contains(name))
    }

    async fn all_digests(&self, after: Option<i64>) -> Result<Option<Vec<StoredDigest>>, Error> {
        let mut page = self.store.digests(after).await?;
        if let (Some(page), None) = (&mut page, after) {
            let number = i64::MIN;
            let given = self.texts.keys().copied();
            let given = given.map(|digest| StoredDigest { number, digest });
            page.splice(..0, given);
        }
        Ok(page)
    }

    async fn look_up_all(&self, digests: &[Digest]) -> Result<Vec<(Digest, KeyRecord)>, Error> {
        let is_given = |digest: &Digest| self.texts.contains_key(digest);
        let (given, stored): (Vec<Digest>, Vec<Digest>) = digests.iter().partition(|d| is_given(d));
        let mut found = self.store.find_all(&stored).await?;
        found.retain(|(_, record)| !self.overrides(record));
        for digest in given {
            let record = self.look_up(&[digest]).await?;
            found.extend(record.map(|record| (digest, record)));
        }
        Ok(found)
    }
}

impl Lookup for Overlay {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(self.look_up(digests))
    }

    fn find_all<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Vec<(Digest, KeyRecord)>, Error>> {
        Box::pin(self.look_up_all(digests))
    }

    fn digests(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<Vec<StoredDigest>>, Error>> {
        Box::pin(self.all_digests(after))
    }

    fn find_technical_name<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        self.store.find_technical_name(name)
    }

    fn look_ups_at_a_time(&self) -> usize {
        self.store.look_ups_at_a_time()
    }

    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        self.store.pepper_checks()
    }

    fn watch(&self, bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        self.store.watch(bound)
    }

    fn record_uses<'a>(
        &'a self,
        uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.store.record_uses(uses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Authenticator, NewKey, store::MemoryStore};

    /// What Kubernetes 1.31 makes for a Service `auth-api-key`, and one `auth-api-key-web` over UDP.
    const OF_KUBERNETES: [&str; 13] = [
        "AUTH_API_KEY_SERVICE_HOST",
        "AUTH_API_KEY_SERVICE_PORT",
        "AUTH_API_KEY_SERVICE_PORT_HTTP",
        "AUTH_API_KEY_PORT",
        "AUTH_API_KEY_PORT_80_TCP",
        "AUTH_API_KEY_PORT_80_TCP_PROTO",
        "AUTH_API_KEY_PORT_80_TCP_PORT",
        "AUTH_API_KEY_PORT_80_TCP_ADDR",
        "AUTH_API_KEY_WEB_SERVICE_HOST",
        "AUTH_API_KEY_WEB_SERVICE_PORT",
        "AUTH_API_KEY_WEB_PORT",
        "AUTH_API_KEY_WEB_PORT_53_UDP",
        "AUTH_API_KEY_WEB_PORT_9_SCTP_ADDR",
    ];

    fn of_variables(names: &[&str]) -> EnvironmentKeys {
        let mut keys = EnvironmentKeys::new();
        let variables = names.iter().map(|name| (name.into(), "swordfish".into()));
        keys.read_texts(variables).unwrap();
        keys.resolved().unwrap()
    }

    #[test]
    fn variables_of_a_service_are_ignored_with_one_warning() {
        let keys = of_variables(&OF_KUBERNETES);
        assert!(keys.texts.is_empty());
        let remarks = keys.remarks(&HashSet::new());
        assert_eq!(remarks.len(), 1, "{remarks:?}");
        assert!(OF_KUBERNETES.iter().all(|name| remarks[0].contains(name)));
        assert!(!remarks[0].contains("swordfish"));
    }

    #[test]
    fn other_variables_are_texts_of_keys() {
        for name in [
            "PORTAL",
            "SERVICE",
            "SERVICE_HOSTS",
            "PORT_80",
            "PORT_A_TCP",
            "HOST",
            "SUPPORT",
            "EXPORT_TCP",
            "port",
        ] {
            let keys = of_variables(&[&format!("{VARIABLE}{name}")]);
            assert!(
                keys.texts.contains_key(&name.to_ascii_lowercase()),
                "{name}"
            );
        }
    }

    #[tokio::test]
    async fn key_with_the_name_of_an_ignored_variable_takes_its_text_from_a_file() {
        let store = MemoryStore::new();
        let auth = Authenticator::builder().build(store.clone()).await.unwrap();
        let key = NewKey::new("Web", "user").technical_name("web_port");
        auth.keys().create(key).await.unwrap();
        let build = |keys| {
            Authenticator::builder()
                .environment(keys)
                .build(store.clone())
        };

        let error = build(of_variables(&OF_KUBERNETES))
            .await
            .unwrap_err()
            .to_string();
        for piece in ["AUTH_API_KEY_WEB_PORT", "in a file", "[api_key_web_port]"] {
            assert!(error.contains(piece), "{error}");
        }
        assert!(!error.contains("swordfish"), "{error}");

        let given = of_variables(&OF_KUBERNETES).ini("[api_key_web_port]\nkey = given\n");
        let auth = build(given.unwrap()).await.unwrap();
        auth.verify("given", &[], None).await.unwrap();
        build(of_variables(&["AUTH_API_KEY_PORT"])).await.unwrap();
    }
}
