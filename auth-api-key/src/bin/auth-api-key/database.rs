//! Which database is opened, and with which peppers.

#[cfg(feature = "odoo")]
use std::collections::BTreeMap;
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use auth_api_key::{
    Authenticator, Error,
    error::{OpenError, PepperError, StateError},
    store::{KeyStore, MemoryStore},
};
#[cfg(feature = "odoo")]
use auth_api_key::{authenticator::ArchivedUsers, odoo::OdooStore, store::EnvironmentKeys};
use clap::Args;

use crate::{
    failure::{Failure, chain},
    output::{command, quoted},
    values::{duration, pepper},
};

const PEPPER: &str = "API_KEY_PEPPER_";
#[cfg(feature = "odoo")]
const ODOO: &str = "ODOO_DATABASE_URL";
/// How long an Odoo may take to answer: the keys are read for someone who waits.
#[cfg(feature = "odoo")]
const WHILE_ONE_WAITS: Duration = Duration::from_secs(60);

/// What is done where a database has none of the tables.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum WithoutTables {
    Make,
    Fail,
    /// It is taken for one without keys.
    Pretend,
}

#[derive(Args)]
#[command(next_help_heading = "Database")]
pub(crate) struct Database {
    /// The database: `sqlite:keys.db`, or `postgres://user@host/database`. An address with a
    /// password is better given by the environment
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    database_url: Option<String>,
    /// The address of the PostgreSQL server itself, where the database's is that of a pooler such as
    /// PgBouncer: tables are made there
    #[arg(
        long,
        global = true,
        env = "DATABASE_WATCH_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    watch_url: Option<String>,
    /// The database of an Odoo with the module `auth_api_key`, which is only read: `list`, `show`,
    /// `verify` and `stats` are about the keys that it has, and `import-odoo` copies them. For
    /// `import-odoo` it may be in ODOO_DATABASE_URL
    #[cfg(feature = "odoo")]
    #[arg(long, global = true, value_name = "URL")]
    odoo_url: Option<String>,
    /// A pepper of the server: its version, and a file that holds exactly its bytes, without the end of
    /// a line; a byte-order mark before a text is left out. A new one is made by
    /// `head -c 32 /dev/urandom | base64 | tr -d '\n' > FILE`
    #[arg(long = "pepper", global = true, value_name = "VERSION=FILE", value_parser = pepper)]
    peppers: Vec<(u32, PathBuf)>,
    /// How long a key lives that is given no expiry, as the server has it: `90d`
    #[arg(
        long,
        global = true,
        env = "API_KEY_DEFAULT_LIFETIME",
        value_name = "DURATION",
        value_parser = duration
    )]
    default_lifetime: Option<Duration>,
    /// How long a key may live at most, as the server has it: `365d`
    #[arg(
        long,
        global = true,
        env = "API_KEY_MAX_LIFETIME",
        value_name = "DURATION",
        value_parser = duration
    )]
    max_lifetime: Option<Duration>,
}

#[cfg(feature = "odoo")]
impl Database {
    /// The address of the Odoo that a command is about.
    pub(crate) fn odoo(&self) -> Option<&str> {
        self.odoo_url.as_deref()
    }

    /// The address of the Odoo whose keys are imported.
    pub(crate) fn odoo_to_import(&self) -> Result<String, Failure> {
        let given = self.odoo_url.clone();
        given.or_else(|| env::var(ODOO).ok()).ok_or_else(|| {
            Failure::Usage(format!(
                "which Odoo?\nhelp: give `--odoo-url postgres://user@host/odoo`, or set {ODOO}"
            ))
        })
    }

    /// Opens an Odoo, which decides as it does itself; and gives the logins of its users.
    pub(crate) async fn open_odoo(
        url: &str,
    ) -> Result<(Authenticator, BTreeMap<String, String>), Failure> {
        let odoo = OdooStore::open_within(url, WHILE_ONE_WAITS).await?;
        let logins = odoo.logins().await?;
        let builder = Authenticator::builder()
            .archived_users(ArchivedUsers::Ignore)
            .confirm_within(WHILE_ONE_WAITS)
            .environment(EnvironmentKeys::server_environment::<&Path>([])?);
        Ok((builder.build(odoo).await?, logins))
    }
}

impl Database {
    /// Opens the database. Peppers may be missing unless `peppers` says that keys are made with them.
    pub(crate) async fn open(
        &self,
        without_tables: WithoutTables,
        peppers: bool,
    ) -> Result<Authenticator, Failure> {
        let builder = || {
            let mut builder = Authenticator::builder();
            for (version, pepper) in self.peppers()? {
                builder = builder.pepper(version, pepper);
            }
            if let Some(lifetime) = self.default_lifetime {
                builder = builder.default_lifetime(lifetime);
            }
            if let Some(lifetime) = self.max_lifetime {
                builder = builder.max_lifetime(lifetime);
            }
            if let Some(url) = self.watch_url() {
                builder = builder.watch_url(url);
            }
            Ok::<_, Failure>(match peppers {
                true => builder,
                false => builder.allow_missing_peppers(),
            })
        };
        let make = without_tables == WithoutTables::Make;
        let opened = builder()?.migrate(make).connect(&self.url()?).await;
        let error = match opened {
            Ok(auth) => return Ok(auth),
            Err(error) => error,
        };
        match self.has_no_tables(&error) && without_tables == WithoutTables::Pretend {
            true => Ok(builder()?.build(MemoryStore::new()).await?),
            false => Err(self.explained_by_what_is_there(error).await),
        }
    }

    /// As [`explained`](Self::explained), where the database may be that of an Odoo.
    async fn explained_by_what_is_there(&self, error: Error) -> Failure {
        #[cfg(feature = "odoo")]
        if self.has_no_tables(&error)
            && let Ok(url) = self.url()
            && url.starts_with("postgres")
            && OdooStore::open(&url).await.is_ok()
        {
            let help = "that is the database of an Odoo, which keeps keys of its own: give its address \
                        as `--odoo-url` to `list`, `show`, `verify` and `stats`, which read them, or \
                        to `import-odoo`, which copies them into a database of this program";
            let help = help.to_owned();
            return Failure::Explained { error, help };
        }
        self.explained(error)
    }

    /// Opens the database without peppers, which are not where a copy of it is.
    pub(crate) async fn open_copy(&self) -> Result<Box<dyn KeyStore>, Failure> {
        if let Some(store) = self.open_store(false).await? {
            return Ok(store);
        }
        self.open(WithoutTables::Fail, false).await?;
        Err(Error::State(StateError::ReadOnly).into())
    }

    /// Makes the database where it is missing, and brings it up to date: gives the names of what was
    /// missing beside its tables.
    pub(crate) async fn migrate(&self) -> Result<Vec<String>, Failure> {
        let repaired = match self.open_store(true).await? {
            Some(store) => store.repair().await?,
            None => Vec::new(),
        };
        self.open(WithoutTables::Make, false).await?;
        Ok(repaired)
    }

    /// Opens a database that is neither verified against nor watched; none if it is of no known kind.
    async fn open_store(&self, make: bool) -> Result<Option<Box<dyn KeyStore>>, Failure> {
        let url = self.url()?;
        Ok(match url.split_once(':').map_or("", |(scheme, _)| scheme) {
            #[cfg(feature = "sqlite")]
            "sqlite" => {
                use auth_api_key::store::SqliteStore;
                let store = match make {
                    true => SqliteStore::open(&url).await,
                    false => SqliteStore::open_existing(&url).await,
                };
                Some(Box::new(store.map_err(|error| self.explained(error))?))
            }
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                use auth_api_key::store::PostgresStore;
                let watch_url = self.watch_url();
                match PostgresStore::open_through(&url, watch_url.as_deref(), make).await {
                    Ok(store) => Some(Box::new(store)),
                    Err(error) => return Err(self.explained_by_what_is_there(error).await),
                }
            }
            _ => None,
        })
    }

    /// The address of the server itself, which a file does not have.
    fn watch_url(&self) -> Option<String> {
        let given = self.watch_url.clone().filter(|url| !url.is_empty());
        given.filter(|_| self.url().is_ok_and(|url| url.starts_with("postgres")))
    }

    /// The address, read as the library reads it.
    fn url(&self) -> Result<String, Failure> {
        let given = self.database_url.as_deref().unwrap_or_default();
        let given = given.strip_prefix('\u{feff}').unwrap_or(given).trim_ascii();
        if given.is_empty() {
            return Err(Failure::Usage(
                "which database?\nhelp: give `--database-url sqlite:keys.db`, or set DATABASE_URL \
                 to that or to `postgres://user@host/database`"
                    .to_owned(),
            ));
        }
        let (scheme, rest) = given.split_at(given.find(':').unwrap_or(0));
        Ok(format!("{}{rest}", scheme.to_ascii_lowercase()))
    }

    /// The options of this call that name the database and the peppers, for commands that are suggested.
    /// An address that may hold a password is left out.
    pub(crate) fn options(&self) -> String {
        let mut options = String::new();
        let has_password = |url: &str| {
            let user = url
                .split_once("//")
                .and_then(|(_, rest)| rest.split_once('@'));
            url.contains("passw") || user.is_some_and(|(user, _)| user.contains(':'))
        };
        for (option, variable, given) in [
            ("database-url", "DATABASE_URL", &self.database_url),
            ("watch-url", "DATABASE_WATCH_URL", &self.watch_url),
        ] {
            if let Some(url) = given
                && *given != env::var(variable).ok()
                && !has_password(url)
            {
                options += &format!(" --{option} {}", quoted(url));
            }
        }
        for (version, file) in &self.peppers {
            let pepper = format!("{version}={}", file.display());
            options += &format!(" --pepper {}", quoted(&pepper));
        }
        options
    }

    /// As [`place`].
    pub(crate) fn place(&self) -> Result<String, Failure> {
        Ok(place(&self.url()?))
    }

    /// Whether there is no SQLite file, or a database that has none of the tables.
    fn has_no_tables(&self, error: &Error) -> bool {
        match error {
            Error::Open(OpenError::MissingMigration { version, .. }) => *version == 1,
            Error::Open(OpenError::Unopened { path, .. }) => {
                let folder = Path::new(path).parent();
                self.place().is_ok_and(|place| place.starts_with("sqlite:"))
                    && !Path::new(path).exists()
                    && folder.is_none_or(|folder| folder.as_os_str().is_empty() || folder.exists())
            }
            _ => false,
        }
    }

    fn explained(&self, error: Error) -> Failure {
        let help = match &error {
            error if self.has_no_tables(error) => format!(
                "there are no keys in {}: if it is the right database, make its tables with {}, or by \
                 `create` or an import",
                self.place().unwrap_or_default(),
                command("migrate", &[])
            ),
            Error::Pepper(PepperError::MissingPepper { version })
            | Error::Pepper(PepperError::WrongPepper { version }) => format!(
                "give it as `{PEPPER}{version}` of the environment, or in a file with `--pepper \
                 {version}=FILE`"
            ),
            Error::Pepper(PepperError::ShortPepper { version, .. }) => format!(
                "make one by `head -c 32 /dev/urandom | base64 | tr -d '\\n' > FILE`, and give it in this \
                 file with `--pepper {version}=FILE`, or as `{PEPPER}{version}` of the environment"
            ),
            // These do not name the database.
            Error::Store(_)
            | Error::Open(
                OpenError::MissingMigration { .. }
                | OpenError::ForeignTable { .. }
                | OpenError::NewerDatabase { .. }
                | OpenError::ChangedTrigger { .. },
            ) => {
                let place = self.place().unwrap_or_default();
                return Failure::Failed(format!("{place}: {}", chain(&error)));
            }
            _ => return error.into(),
        };
        Failure::Explained { error, help }
    }

    fn peppers(&self) -> Result<Vec<(u32, Vec<u8>)>, Failure> {
        let mut peppers = Vec::new();
        for (name, pepper) in env::vars_os() {
            let Some(version) = name.to_str().and_then(|name| name.strip_prefix(PEPPER)) else {
                continue;
            };
            let version = version.parse().map_err(|_| {
                Failure::Usage(format!(
                    "`{PEPPER}{version}` does not end in the number of a version, 1 to {}\n\
                     help: call it `{PEPPER}1`, or unset it",
                    u32::MAX
                ))
            })?;
            peppers.push((version, pepper.into_encoded_bytes()));
        }
        for (version, file) in &self.peppers {
            let pepper = fs::read(file).map_err(|error| {
                Failure::Usage(format!(
                    "the pepper of version {version} cannot be read from {}: {error}",
                    file.display()
                ))
            })?;
            peppers.push((*version, pepper));
        }
        Ok(peppers)
    }
}

/// A database's address without user, password and parameters.
pub(crate) fn place(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    let rest = rest.trim_start_matches("//");
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    // Where it cannot be told what belongs to a password, nothing is shown.
    let place = match parameters.contains('@') {
        true => "…",
        false => place.rsplit_once('@').map_or(place, |(_, place)| place),
    };
    format!("{scheme}:{place}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn place_has_no_password() {
        for (url, place) in [
            ("sqlite:keys.db", "sqlite:keys.db"),
            ("sqlite:///var/keys.db?mode=rw", "sqlite:/var/keys.db"),
            (
                "postgres://me:p@ssword@db:5432/keys",
                "postgres:db:5432/keys",
            ),
            ("postgres://me:p@ss?word@db:5432/keys", "postgres:…"),
            ("postgres://db/keys?user=me&password=p@ss", "postgres:…"),
            (
                "postgres://db/keys?user=me&password=pass",
                "postgres:db/keys",
            ),
        ] {
            assert_eq!(super::place(url), place);
        }
    }
}
