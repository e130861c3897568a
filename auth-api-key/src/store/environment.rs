//! Keys whose texts come from the surroundings of a server and not from its store.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt, fs,
    path::Path,
    sync::Arc,
};

use futures_util::future::BoxFuture;
use ini::{Ini, ParseOption};
use toml::{Table, Value};

use super::KeyStore;
use crate::{
    Error,
    key::{Digest, KeyRecord, Peppers, Secret},
};

const SECTION: &str = "api_key_";
const VARIABLE: &str = "AUTH_API_KEY_";

/// Texts of keys that the surroundings of a server give: a configuration file, or variables of its
/// environment. The store keeps all else that is known of such a key.
///
/// A text is given for a [technical name](crate::NewKey::technical_name), and the key with this
/// name is then known by it alone: the text in the store no longer works on this node. So each
/// stage of a deployment has texts of its own over a copy of one database.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, EnvironmentKeys, MemoryStore, NewKey};
///
/// // Usually a file, or the environment: `EnvironmentKeys::from_env()?.file("keys.toml")?`.
/// let keys = EnvironmentKeys::new().ini("[api_key_webshop]\nkey = swordfish\n")?;
/// let store = MemoryStore::new();
/// let auth = Authenticator::builder().environment(keys).store(store).await?;
/// let stored = auth.create(NewKey::new("Web shop", "user-7").technical_name("webshop")).await?;
///
/// assert_eq!(auth.verify::<&str>("swordfish", &[], None).await.unwrap().name, "Web shop");
/// assert!(auth.verify::<&str>(stored.secret.expose(), &[], None).await.is_err());
/// # Ok(()) }
/// ```
///
/// Where a name is given more than once, the text that was given last counts. Blanks around a text
/// are trimmed. An empty text is reported in the log, and nothing is known of its key until there
/// is one. Reported are, too, a section without a text, which changes nothing, and, when the
/// authenticator is built, a name that no key has.
#[derive(Clone, Default)]
pub struct EnvironmentKeys {
    /// By technical name; none is known of a key whose text is empty.
    texts: BTreeMap<String, Option<Secret>>,
}

impl EnvironmentKeys {
    /// No keys yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the variables `SERVER_ENV_CONFIG` and `SERVER_ENV_CONFIG_SECRET`, which hold texts as
    /// [`ini`](Self::ini) takes them, and then `AUTH_API_KEY_<NAME>`, which hold one text each.
    ///
    /// # Errors
    ///
    /// As [`ini`](Self::ini), naming the variable; [`Error::UnreadableConfiguration`] for a
    /// variable that is no Unicode.
    pub fn from_env() -> Result<Self, Error> {
        let mut keys = Self::new();
        for name in ["SERVER_ENV_CONFIG", "SERVER_ENV_CONFIG_SECRET"] {
            if let Some(text) = std::env::var_os(name) {
                let text = text
                    .to_str()
                    .ok_or_else(|| unreadable(name, "it is no Unicode"))?;
                keys.read_ini(name, text)?;
            }
        }
        for (variable, text) in std::env::vars_os() {
            let Some(variable) = variable.to_str() else {
                continue;
            };
            if let Some(name) = variable.strip_prefix(VARIABLE) {
                let text = text.to_str();
                let text = text.ok_or_else(|| unreadable(variable, "it is no Unicode"))?;
                keys.insert(&name.to_ascii_lowercase(), text)?;
            }
        }
        Ok(keys)
    }

    /// Adds the keys of a file: TOML if its name ends in `.toml`, and INI otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::UnreadableConfiguration`] if the file cannot be read; as [`toml`](Self::toml) and
    /// [`ini`](Self::ini).
    pub fn file(mut self, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let source = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| unreadable(&source, error))?;
        match path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            true => self.read_toml(&source, &text)?,
            false => self.read_ini(&source, &text)?,
        }
        Ok(self)
    }

    /// Adds the keys of an INI text: sections `[api_key_<technical name>]` with a line `key = …`.
    /// Other sections and lines are somebody else's. Quotes and backslashes are part of a text.
    ///
    /// # Errors
    ///
    /// [`Error::UnreadableConfiguration`], without quoting it;
    /// [`Error::UnusableText`] for a text that no header can carry.
    pub fn ini(mut self, text: &str) -> Result<Self, Error> {
        self.read_ini("the INI text", text)?;
        Ok(self)
    }

    /// Adds the keys of a TOML text: tables `[api_key_<technical name>]` with a string `key`.
    ///
    /// # Errors
    ///
    /// As [`ini`](Self::ini).
    pub fn toml(mut self, text: &str) -> Result<Self, Error> {
        self.read_toml("the TOML text", text)?;
        Ok(self)
    }

    /// The text that is given for a technical name; it may be empty.
    #[cfg(feature = "odoo")]
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let text = self.texts.get(name)?;
        Some(text.as_ref().map_or("", Secret::expose))
    }

    fn read_ini(&mut self, source: &str, text: &str) -> Result<(), Error> {
        let verbatim = ParseOption {
            enabled_quote: false,
            enabled_escape: false,
            ..ParseOption::default()
        };
        let ini = Ini::load_from_str_opt(text, verbatim)
            .map_err(|_| unreadable(source, "it is no INI"))?;
        for (section, values) in &ini {
            if let Some(name) = section.and_then(|section| section.strip_prefix(SECTION)) {
                match values.get("key") {
                    Some(text) => self.insert(name, text)?,
                    None => keyless(source, name),
                }
            }
        }
        Ok(())
    }

    fn read_toml(&mut self, source: &str, text: &str) -> Result<(), Error> {
        // toml's own message quotes the line.
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = text[..before].matches('\n').count() + 1;
            unreadable(source, format!("line {line} is no TOML"))
        })?;
        for (section, values) in &table {
            if let Some(name) = section.strip_prefix(SECTION) {
                match values.get("key") {
                    Some(Value::String(text)) => self.insert(name, text)?,
                    Some(_) => {
                        let problem = format!("`key` in [{section}] is no string; quote it");
                        return Err(unreadable(source, problem));
                    }
                    None => keyless(source, name),
                }
            }
        }
        Ok(())
    }

    fn insert(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let text = text.trim();
        let secret = match text.is_empty() {
            true => {
                tracing::warn!(
                    key.technical_name = name,
                    "the text of a key from the environment is empty: nobody can use this key \
                     until it has one"
                );
                None
            }
            false => Some(Secret::given(name, text)?),
        };
        self.texts.insert(name.to_owned(), secret);
        Ok(())
    }
}

/// A section without a line `key` gives no text.
fn keyless(source: &str, name: &str) {
    tracing::warn!(
        key.technical_name = name,
        "{source} has a section [{SECTION}{name}] without `key`: the text in the store stays"
    );
}

/// Without the texts.
impl fmt::Debug for EnvironmentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.texts.keys()).finish()
    }
}

fn unreadable(origin: &str, problem: impl fmt::Display) -> Error {
    Error::UnreadableConfiguration {
        origin: origin.to_owned(),
        problem: problem.to_string(),
    }
}

/// Finds the keys of a store, some of which the environment gives the texts of.
#[derive(Debug)]
pub(crate) struct Overlay {
    store: Arc<dyn KeyStore>,
    /// The technical name and the hint of each text of the environment.
    texts: HashMap<Digest, (String, String)>,
    overridden: HashSet<String>,
}

impl Overlay {
    /// Looks for the keys that the texts are meant for, and reports those that are not there.
    pub(crate) async fn new(
        store: Arc<dyn KeyStore>,
        keys: EnvironmentKeys,
        peppers: &Peppers,
    ) -> Result<Self, Error> {
        let mut overlay = Self {
            store,
            texts: HashMap::new(),
            overridden: HashSet::new(),
        };
        for (name, secret) in keys.texts {
            if overlay.store.key_by_technical_name(&name).await?.is_none() {
                tracing::warn!(
                    key.technical_name = name,
                    "no key has the technical name for which the environment gives a text: create \
                     one, or rename the section"
                );
            }
            if let Some(secret) = secret {
                let sealed = peppers.seal(&secret);
                let text = (name.clone(), sealed.hint);
                if let Some((holder, _)) = overlay.texts.insert(sealed.digest, text) {
                    return Err(Error::TextTaken { name, holder });
                }
            }
            overlay.overridden.insert(name);
        }
        Ok(overlay)
    }

    async fn look_up(&self, digests: &[Digest]) -> Result<Option<KeyRecord>, Error> {
        let given = digests.iter().find_map(|digest| self.texts.get(digest));
        if let Some((name, hint)) = given {
            let found = self.store.key_by_technical_name(name).await?;
            return Ok(found.map(|record| KeyRecord {
                hint: hint.clone(),
                ..record
            }));
        }
        let found = self.store.find(digests).await?;
        let overridden = |record: &KeyRecord| {
            let name = record.technical_name.as_ref();
            name.is_some_and(|name| self.overridden.contains(name))
        };
        Ok(found.filter(|record| !overridden(record)))
    }
}

impl KeyStore for Overlay {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(self.look_up(digests))
    }
}
