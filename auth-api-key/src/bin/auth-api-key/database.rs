//! Opens the database that a command is about, with the peppers.

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
    failure::{Failure, message},
    output::{command, quoted},
    values::{duration, pepper},
};

const PEPPER: &str = "API_KEY_PEPPER_";
#[cfg(feature = "odoo")]
const ODOO: &str = "ODOO_DATABASE_URL";
/// How long an Odoo may take to answer. It is long: nobody but the person at the terminal waits.
#[cfg(feature = "odoo")]
const ODOO_TIMEOUT: Duration = Duration::from_secs(60);

/// What a command does if a database has none of the tables.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum WithoutTables {
    Make,
    Fail,
    /// Reads it as a database without keys.
    Pretend,
}

#[derive(Args)]
#[command(next_help_heading = "Database")]
pub(crate) struct Database {
    /// The database: `sqlite:keys.db`, or `postgres://user@host/database`. If the address has a
    /// password, give it in the environment: other users of the machine can read arguments
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    database_url: Option<String>,
    /// The address of the PostgreSQL server itself, if the database's address is that of a pooler such as
    /// PgBouncer. Tables are made over it
    #[arg(
        long,
        global = true,
        env = "DATABASE_WATCH_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    watch_url: Option<String>,
    /// The database of an Odoo with the module `auth_api_key`. `list`, `show`, `verify` and `stats` read
    /// its keys, and `import-odoo` copies them; nothing changes it. `import-odoo` also reads the address
    /// from ODOO_DATABASE_URL
    #[cfg(feature = "odoo")]
    #[arg(long, global = true, value_name = "URL")]
    odoo_url: Option<String>,
    /// A pepper of the server: its version, and a file that has exactly its bytes, without an end of line
    /// (a byte-order mark is ignored). `head -c 32 /dev/urandom | base64 | tr -d '\n' > FILE` makes a new
    /// one
    #[arg(long = "pepper", global = true, value_name = "VERSION=FILE", value_parser = pepper)]
    peppers: Vec<(u32, PathBuf)>,
    /// How long a key without an expiry lives, such as `90d`. Give the value that the server has
    #[arg(
        long,
        global = true,
        env = "API_KEY_DEFAULT_LIFETIME",
        value_name = "DURATION",
        value_parser = duration
    )]
    default_lifetime: Option<Duration>,
    /// How long a key may live at most, such as `365d`. Give the value that the server has
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
                "no address of an Odoo is given\nhelp: give `--odoo-url postgres://user@host/odoo`, or set \
                 {ODOO} to it"
            ))
        })
    }

    /// Opens an Odoo, so that keys are admitted and refused as in Odoo. Also gives the logins of its users.
    pub(crate) async fn open_odoo(
        url: &str,
    ) -> Result<(Authenticator, BTreeMap<String, String>), Failure> {
        let odoo = OdooStore::open_within(url, ODOO_TIMEOUT).await?;
        let logins = odoo.logins().await?;
        let builder = Authenticator::builder()
            .archived_users(ArchivedUsers::Ignore)
            .confirm_within(ODOO_TIMEOUT)
            .environment(EnvironmentKeys::server_environment::<&Path>([])?);
        Ok((builder.build(odoo).await?, logins))
    }
}

impl Database {
    /// Opens the database. If `peppers` is false, the peppers may be missing.
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
            false => Err(self.explained_with_odoo(error).await),
        }
    }

    /// As [`explained`](Self::explained), but says so if the database is that of an Odoo.
    async fn explained_with_odoo(&self, error: Error) -> Failure {
        #[cfg(feature = "odoo")]
        if self.has_no_tables(&error)
            && let Ok(url) = self.url()
            && url.starts_with("postgres")
            && OdooStore::open(&url).await.is_ok()
        {
            let help = "this is the database of an Odoo: to read its keys, give its address as \
                        `--odoo-url` to `list`, `show`, `verify` or `stats`; to copy them into a database \
                        of this program, give it to `import-odoo`";
            let help = help.to_owned();
            return Failure::Explained { error, help };
        }
        self.explained(error)
    }

    /// Opens a copy of a database. It needs no peppers, since copies are kept without them.
    pub(crate) async fn open_copy(&self) -> Result<Box<dyn KeyStore>, Failure> {
        if let Some(store) = self.open_store(false).await? {
            return Ok(store);
        }
        self.open(WithoutTables::Fail, false).await?;
        Err(Error::State(StateError::ReadOnly).into())
    }

    /// Makes the database if it is missing, and brings its tables up to date. Gives the names of the
    /// triggers that were repaired.
    pub(crate) async fn migrate(&self) -> Result<Vec<String>, Failure> {
        let repaired = match self.open_store(true).await? {
            Some(store) => store.repair().await?,
            None => Vec::new(),
        };
        self.open(WithoutTables::Make, false).await?;
        Ok(repaired)
    }

    /// Opens a store without an authenticator, which would watch it. `None` if the address is of no known
    /// kind.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(unused_variables, reason = "only these stores have tables")
    )]
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
                    Err(error) => return Err(self.explained_with_odoo(error).await),
                }
            }
            _ => None,
        })
    }

    /// The address of the PostgreSQL server itself. A file has none.
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
                "no database is given\nhelp: give `--database-url sqlite:keys.db`, or set DATABASE_URL to \
                 an address such as that or `postgres://user@host/database`"
                    .to_owned(),
            ));
        }
        let (scheme, rest) = given.split_at(given.find(':').unwrap_or(0));
        Ok(format!("{}{rest}", scheme.to_ascii_lowercase()))
    }

    /// The options of this call that name the database and the peppers, for commands in messages. An
    /// address that may have a password is left out.
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

    /// As [`without_password`].
    pub(crate) fn url_without_password(&self) -> Result<String, Failure> {
        Ok(without_password(&self.url()?))
    }

    /// Whether there is no SQLite file, or a database that has none of the tables.
    fn has_no_tables(&self, error: &Error) -> bool {
        match error {
            Error::Open(OpenError::MissingMigration { version, .. }) => *version == 1,
            Error::Open(OpenError::Unopened { path, .. }) => {
                let folder = Path::new(path).parent();
                self.url().is_ok_and(|url| url.starts_with("sqlite:"))
                    && !Path::new(path).exists()
                    && folder.is_none_or(|folder| folder.as_os_str().is_empty() || folder.exists())
            }
            _ => false,
        }
    }

    fn explained(&self, error: Error) -> Failure {
        let help = match &error {
            error if self.has_no_tables(error) => format!(
                "{} has no tables of this program: check the address; if it is right, make the tables with \
                 {}, or by `create` or an import",
                self.url_without_password().unwrap_or_default(),
                command("migrate", &[])
            ),
            Error::Pepper(PepperError::MissingPepper { version })
            | Error::Pepper(PepperError::WrongPepper { version }) => format!(
                "set `{PEPPER}{version}` in the environment, or give a file with `--pepper {version}=FILE`"
            ),
            Error::Pepper(PepperError::ShortPepper { version, .. }) => format!(
                "make one with `head -c 32 /dev/urandom | base64 | tr -d '\\n' > FILE`, and give the file \
                 with `--pepper {version}=FILE`, or its content as `{PEPPER}{version}` in the environment"
            ),
            // These do not name the database.
            Error::Store(_)
            | Error::Open(
                OpenError::MissingMigration { .. }
                | OpenError::ForeignTable { .. }
                | OpenError::NewerDatabase { .. }
                | OpenError::ChangedTrigger { .. },
            ) => {
                let url = self.url_without_password().unwrap_or_default();
                return Failure::Failed(format!("{url}: {}", message(&error)));
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
                    "the variable `{PEPPER}{version}` does not end in a version, 1 to {}\n\
                     help: rename it to `{PEPPER}1`, or unset it",
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

/// A database's address without the user, the password and the parameters.
pub(crate) fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    let rest = rest.trim_start_matches("//");
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    // A `?` before an `@` may belong to the password: then nothing of the address is safe to show.
    let shown = match parameters.contains('@') {
        true => "…",
        false => path.rsplit_once('@').map_or(path, |(_, host)| host),
    };
    format!("{scheme}:{shown}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn address_is_shown_without_its_password() {
        for (url, shown) in [
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
            assert_eq!(super::without_password(url), shown);
        }
    }
}
