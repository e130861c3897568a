//! What can go wrong when keys are opened, created or changed.

use std::{
    error::Error as StdError,
    fmt,
    iter::successors,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use humantime::{format_duration, format_rfc3339_seconds};
use ipnet::IpNet;

/// Why a store could not be opened, or a key could not be created or changed.
///
/// No error has the text of a key or a pepper. `Display` says what went wrong, and
/// [`source`](StdError::source) gives the cause.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), auth_api_key::Error> {
/// use auth_api_key::{Authenticator, Error, NewKey, error::StateError, store::MemoryStore};
///
/// let auth = Authenticator::builder().build(MemoryStore::new()).await?;
/// auth.keys().create(NewKey::new("webshop", "user-7")).await?;
/// match auth.keys().create(NewKey::new("webshop", "user-8")).await {
///     Err(Error::State(StateError::NameTaken { name })) => println!("{name} is there already"),
///     other => panic!("{other:?}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was given cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// What was asked for does not fit what the store has.
    #[error(transparent)]
    State(#[from] StateError),
    /// The peppers are not usable, or not those of the store.
    #[error(transparent)]
    Pepper(#[from] PepperError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The operating system gave no random bytes.
    #[error("the operating system's random generator failed")]
    Random(#[source] Box<dyn StdError + Send + Sync>),
    /// The store could not be asked, or gave a result that cannot be read.
    #[error("the key store failed")]
    Store(#[source] Box<dyn StdError + Send + Sync>),
}

/// What was given cannot be used: a name, a text, a time, a setting.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A key needs a name by which its owner finds it again.
    #[error(
        "a key cannot be named {name:?}; give it a name without control characters that says \
         whose key it is, such as \"webshop\""
    )]
    UnusableName {
        /// The name as given.
        name: String,
    },
    /// The name of a section is short and plain.
    #[error(
        "{technical_name:?} cannot be the technical name of key {name:?}; use the characters \
         a-z, 0-9 and _"
    )]
    UnusableTechnicalName {
        /// The key's name.
        name: String,
        /// The technical name as given.
        technical_name: String,
    },
    /// A name, a user, a technical name or a group is too long for an index.
    #[error(
        "the {what} {given:?} of {owner} has {length} bytes; give one of at most {longest} bytes"
    )]
    TooLong {
        /// Whose it is.
        owner: String,
        /// What is too long.
        what: &'static str,
        /// Its beginning.
        given: String,
        /// Its length in bytes.
        length: usize,
        /// The greatest length in bytes.
        longest: usize,
    },
    /// A key needs a user.
    #[error(
        "key {name:?} cannot act for the user {user:?}; give an id that is not empty and has no \
         control characters"
    )]
    UnusableUser {
        /// The key's name.
        name: String,
        /// The user's id as given.
        user: String,
    },
    /// A key is in groups that have a code.
    #[error(
        "key {name:?} cannot be in a group with the code {code:?}; give a code that is not empty and \
         has no control characters, or leave the group out"
    )]
    UnusableGroup {
        /// The key's name.
        name: String,
        /// The code as given.
        code: String,
    },
    /// A group needs a code.
    #[error(
        "a group cannot have the code {code:?}; give one that is not empty and has no control \
         characters, such as \"shop\""
    )]
    UnusableCode {
        /// The code as given.
        code: String,
    },
    /// A group's name is shown in one line.
    #[error(
        "the group {code:?} cannot be named {name:?}; give it a name without control characters"
    )]
    UnusableGroupName {
        /// The group's code.
        code: String,
        /// The name as given.
        name: String,
    },
    /// Who acts is shown in one line of the trail.
    #[error(
        "{actor:?} cannot be the name of who acts; give 1 to 250 bytes without control characters"
    )]
    UnusableActor {
        /// The name as given, or its beginning.
        actor: String,
    },
    /// The text of a key is empty.
    #[error("key {name:?} has an empty text; leave the text out to have one issued")]
    EmptyText {
        /// The key's name.
        name: String,
    },
    /// The text of a key cannot be sent in an HTTP header.
    #[error(
        "the text of key {name:?} {problem}, which no HTTP header can carry; choose another text"
    )]
    UnusableText {
        /// The key's name.
        name: String,
        /// What is wrong with the text, without quoting it.
        problem: &'static str,
    },
    /// The text of a key has a character that nobody would type.
    #[error(
        "the text of key {name:?} holds the invisible character U+{:04X}; remove it, or choose \
         another text",
        u32::from(*character)
    )]
    InvisibleText {
        /// The key's name.
        name: String,
        /// The first such character.
        character: char,
    },
    /// A prefix must be 1 to 16 of `A-Z`, `a-z`, `0-9`, `_` and `-`.
    #[error(
        "{prefix:?} cannot be a key's prefix; use 1 to 16 of the characters A-Z, a-z, 0-9, _ and -"
    )]
    InvalidPrefix {
        /// The prefix as given.
        prefix: String,
    },
    /// A point in time that the store cannot hold.
    #[error(
        "the time {} is out of range; use one between the years 1970 and 9999",
        seconds(*time)
    )]
    TimeOutOfRange {
        /// The time as given.
        time: SystemTime,
    },
    /// A key would live for longer than [`Builder::max_lifetime`](crate::Builder::max_lifetime) allows.
    #[error(
        "key {name:?} would expire {}, and no key may live for longer than {}; let it expire by {}",
        expires_at.map_or_else(|| "never".to_owned(), |time| format!("at {}", shown(time))),
        in_days(*max),
        shown(*latest)
    )]
    BeyondMaxLifetime {
        /// The key's name.
        name: String,
        /// When it would expire; `None` for never.
        expires_at: Option<SystemTime>,
        /// The longest lifetime.
        max: Duration,
        /// The latest expiry that it can be given now.
        latest: SystemTime,
    },
    /// A cursor is a text that a page gave.
    #[error(
        "{cursor:?} is not a place in this list; give the `next` of another page of it, or leave it \
         out to begin anew"
    )]
    UnusableCursor {
        /// The cursor as given.
        cursor: String,
    },
    /// Metadata is an object.
    #[error(
        "a key cannot have this metadata: {problem}; give a struct or a map with names as its keys"
    )]
    UnusableMetadata {
        /// What is wrong with it.
        problem: String,
    },
    /// The header's name cannot be one.
    #[error("{name:?} cannot be the name of an HTTP header; use letters, digits and \"-\"")]
    InvalidHeaderName {
        /// The name as given.
        name: String,
    },
    /// `Authorization` holds a scheme before the key.
    #[error("`Authorization` cannot be the key's header; accept it by `Builder::bearer(true)`")]
    AuthorizationHeader,
    /// The realm cannot be put into a challenge.
    #[error("the realm {realm:?} cannot be quoted in a header; use printable ASCII without quotes")]
    InvalidRealm {
        /// The realm as given.
        realm: String,
    },
    /// A number among the settings is too small or too large.
    #[error("`Builder::{setting}` cannot be {given}; {remedy}")]
    UnusableSetting {
        /// The method of [`Builder`](crate::Builder).
        setting: &'static str,
        /// The value as given.
        given: String,
        /// What to give instead.
        remedy: &'static str,
    },
    /// A network with bits set after its prefix may be meant as a network or as an address.
    #[error(
        "the network {network} of {owner} has bits set after its prefix; write {meant}, or {alone} \
         for that address alone"
    )]
    UnusableNetwork {
        /// The key, or the setting.
        owner: String,
        /// The network as given.
        network: IpNet,
        /// The network that holds the address.
        meant: IpNet,
        /// The network that holds nothing but the address.
        alone: IpNet,
    },
}

/// What was asked for does not fit what the store has: something is taken, or does not exist.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// Another key has this name.
    #[error("there is a key named {name:?} already; choose another name, or rotate that key")]
    NameTaken {
        /// The name that both want.
        name: String,
    },
    /// Another key has this technical name.
    #[error(
        "key {name:?} cannot have the technical name {technical_name:?}, which another key has; \
         choose another one"
    )]
    TechnicalNameTaken {
        /// The key that was to have it.
        name: String,
        /// The technical name that both want.
        technical_name: String,
    },
    /// Another key has this text.
    #[error(
        "the text given for key {name:?} is the text of key {holder:?} already; choose another text"
    )]
    TextTaken {
        /// The key that was to be created or rotated.
        name: String,
        /// The key that holds the text.
        holder: String,
    },
    /// A part of the key's row cannot be read, and the update does not replace it.
    #[error(
        "the row of key \"{name}\" is damaged: `{column}` cannot be read: {problem}; give a new value for it, or archive or delete \
         the key"
    )]
    UnreadableKey {
        /// The key's name.
        name: String,
        /// What cannot be read.
        column: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No key has this name.
    #[error("there is no key named {name:?}")]
    NoSuchKey {
        /// The name that was looked for.
        name: String,
    },
    /// No user has this id.
    #[error("no key belongs to the user {user:?}")]
    NoSuchUser {
        /// The id that was looked for.
        user: String,
    },
    /// No group has this code.
    #[error("there is no group with the code {code:?}; make it first")]
    NoSuchGroup {
        /// The code that was looked for.
        code: String,
    },
    /// The change would leave no event in the trail.
    #[error(
        "the trigger or function `{definition}` of the trail is missing, disabled or replaced, so the change \
         would leave no event, and is not made; run `auth-api-key migrate`, which repairs it"
    )]
    TrailChanged {
        /// The name of the trigger or function.
        definition: String,
    },
    /// The change would leave nobody in a group that must have somebody.
    #[error(
        "this is the last key of the group {group:?} that works; put another one into the group first"
    )]
    LastInGroup {
        /// The group's code.
        group: String,
    },
    /// The metadata of a key is not what was asked for.
    #[error(
        "the metadata of key {name:?} cannot be read as the type that was asked for; update it, or ask for \
         another type"
    )]
    UnreadableMetadata {
        /// The key's name.
        name: String,
        /// What is wrong with it.
        #[source]
        error: Box<dyn StdError + Send + Sync>,
    },
    /// It is not known whether keys were used for so long.
    #[error(
        "last uses are {}, so it is not known which keys were not used since {}; {}",
        recorded.map_or_else(
            || "not recorded, or no key was used for a week".to_owned(),
            |time| format!("recorded since {} only", shown(time))
        ),
        shown(*since),
        match recorded {
            Some(_) => "ask for a shorter time",
            None => "check whether the logs of your nodes say that last uses are not recorded",
        }
    )]
    UsesNotRecorded {
        /// Since when they were to be unused.
        since: SystemTime,
        /// Since when uses are recorded without a gap.
        recorded: Option<SystemTime>,
    },
    /// The store keeps no trail.
    #[error(
        "this store does not keep a trail of changes; keep the keys in SQLite or PostgreSQL, which do"
    )]
    NoTrail,
    /// The keys are administered elsewhere.
    #[error("this store only reads keys; change them where they are kept")]
    ReadOnly,
    /// The authenticator was built over a look-up alone.
    #[error(
        "this authenticator only verifies keys: its store does not list or change them; list and \
         change them where they are kept"
    )]
    VerifyOnly,
}

/// Peppers that cannot be used, or are not those of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PepperError {
    /// A pepper is too short to protect anything.
    #[error("pepper version {version} has {length} bytes; give at least 16 random ones")]
    ShortPepper {
        /// The version of the pepper.
        version: u32,
        /// How many bytes were given.
        length: usize,
    },
    /// Version 0 stands for keys stored without a pepper.
    #[error("a pepper cannot have version 0, which stands for no pepper; count from 1")]
    PepperVersionZero,
    /// A version was given twice.
    #[error("pepper version {version} was given twice; give each version once")]
    DuplicatePepper {
        /// The version of the pepper.
        version: u32,
    },
    /// A pepper that is a text has a character that nobody would type.
    #[error(
        "pepper version {version} holds the invisible character U+{:04X}; remove it, or choose \
         another pepper",
        u32::from(*character)
    )]
    InvisiblePepper {
        /// The version of the pepper.
        version: u32,
        /// The first such character.
        character: char,
    },
    /// The pepper differs from the one that the keys were stored under.
    #[error(
        "pepper version {version} is not the one that the keys of this store are stored under; \
         configure the pepper that this version had, or give a new pepper a new version (if no key \
         was ever stored under it, delete its row of `api_key_pepper`)"
    )]
    WrongPepper {
        /// The version of the pepper.
        version: u32,
    },
    /// Keys are stored under a pepper that is not configured, or the store knows a pepper and none is configured.
    #[error(
        "the keys of this store are stored under pepper version {version}, which is not configured; add that \
         pepper (if no key is stored under it any more, delete its row of `api_key_pepper`)"
    )]
    MissingPepper {
        /// The version of the pepper.
        version: u32,
    },
}

/// A store, or a configuration of keys, that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A configuration with the texts of keys cannot be read.
    #[error("the keys in {origin} cannot be read: {problem}")]
    UnreadableConfiguration {
        /// The file or the variable.
        origin: String,
        /// What is wrong, in which line, and what to write, without quoting what is there.
        problem: String,
    },
    /// The database's address is of no known kind.
    #[error("this database address starting with \"{scheme}\" is not supported; {remedy}")]
    UnsupportedDatabase {
        /// What stands before the first colon: the rest may hold a password.
        scheme: String,
        /// What to write instead.
        remedy: &'static str,
    },
    /// The database's address cannot be read as it is written.
    #[error("this database address starting with \"{scheme}\" cannot be used: {problem}")]
    UnusableAddress {
        /// What stands before the first colon: the rest may hold a password.
        scheme: String,
        /// What is wrong, and what to write instead, without a piece of a password.
        problem: String,
    },
    /// The database cannot be opened.
    #[error("cannot open the database \"{path}\"")]
    Unopened {
        /// The path of the file, or the host, the port and the database.
        path: String,
        /// What the database says.
        #[source]
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database is not that of an Odoo with the module.
    #[error(
        "the database has no `{missing}`, which Odoo's module `{module}` makes; open the database in \
         which that module is installed"
    )]
    NotOdoo {
        /// The table, or `table.column`.
        missing: String,
        /// The technical name of the module.
        module: &'static str,
    },
    /// The keys of an Odoo are in a schema that the database user may not use.
    #[error(
        "the table `{schema}.auth_api_key` exists, but this database user may not use the schema \
         `{schema}`; run `GRANT USAGE ON SCHEMA {schema} TO …` (the page \"Coming from Odoo\" lists all \
         grants)"
    )]
    UnusableSchema {
        /// The schema.
        schema: String,
    },
    /// The tables are those of an Odoo 13 or older.
    #[error(
        "the table `auth_api_key` has no `{missing}`: it is that of an Odoo 13 or older, and only the keys \
         of Odoo 14 to 19 can be read; upgrade the Odoo, or export its keys and give them to \
         `auth-api-key import`"
    )]
    OldOdoo {
        /// The column.
        missing: &'static str,
    },
    /// Odoo's module `auth_api_key_server_env` gives some keys their texts, and its configuration was not given.
    #[error(
        "this Odoo has the module `auth_api_key_server_env`, which gives keys other texts than those in \
         the database; give its configuration, too (`--server-env FILE` on the command line)"
    )]
    MissingEnvironment,
    /// Changes of keys would go unnoticed.
    #[error(
        "the trigger `{trigger}` is missing, disabled or changed (a restore of rows alone disables it), so \
         no node would notice changes of keys; run `auth-api-key migrate`, which repairs the trigger"
    )]
    ChangedTrigger {
        /// The name of the trigger, or of a function that it calls.
        trigger: String,
    },
    /// A migration is missing, and this program should not or may not run it.
    #[error(
        "migration {version} (`{name}`) of auth-api-key has not been run on this database; run \
         `auth-api-key migrate`, in PostgreSQL as a role that may make tables there"
    )]
    MissingMigration {
        /// The migration's version: 1 if there are no tables at all.
        version: i64,
        /// The migration's name.
        name: String,
        /// Why it could not be run, if that was tried.
        #[source]
        error: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// Another table has the name of one that must be made.
    #[error(
        "the database has a table `{table}` that auth-api-key did not make: `_auth_api_key_migrations` \
         does not name it; use another database, or in PostgreSQL another schema, such as by \
         `?options=-csearch_path%3Dkeys` in the address (if somebody copied the table from another \
         database, copy `_auth_api_key_migrations`, too)"
    )]
    ForeignTable {
        /// The table's name.
        table: String,
    },
    /// The tables were made by a newer version of this crate, which does not say that this one can use
    /// them.
    #[error(
        "the database was made by a newer version of auth-api-key (its schema is {found}, this \
         version knows up to {known}); upgrade this program"
    )]
    NewerDatabase {
        /// The version of the database's schema.
        found: i64,
        /// The newest version that this crate knows.
        known: i64,
    },
}

/// A change of keys of which nobody knows whether it was made, since the store failed. It is the cause of an
/// [`Error::Store`], if the change would take rights from keys.
///
/// Its text includes the error of the store, which [`cause`](Self::cause) gives alone.
#[derive(Debug)]
pub struct UncertainChange(pub(crate) Box<dyn StdError + Send + Sync>);

impl UncertainChange {
    /// What the store says.
    pub fn cause(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Display for UncertainChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; the change may not have been made: other processes may still admit the keys that it \
             concerns, and this one refuses them until the store can be changed again",
            self.0
        )
    }
}

impl StdError for UncertainChange {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// The time as people write it, if its year has four digits.
fn shown(time: SystemTime) -> String {
    const YEAR_10000: u64 = 253_402_300_800;
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) if after.as_secs() < YEAR_10000 => format_rfc3339_seconds(time).to_string(),
        _ => seconds(time),
    }
}

/// How long after the beginning of 1970 a time is.
fn seconds(time: SystemTime) -> String {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => format!("{} seconds after the beginning of 1970", after.as_secs()),
        Err(before) => {
            let before = before.duration().as_secs();
            format!("{before} seconds before the beginning of 1970")
        }
    }
}

impl Error {
    /// Wraps the error of a store of your own, such as a lost connection.
    pub fn store(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Store(error.into())
    }
}

/// Whole days as days, since months and years differ in length.
pub(crate) fn in_days(time: Duration) -> String {
    match (time.as_secs() / 86_400, time.as_secs() % 86_400) {
        (1, 0) => "1 day".to_owned(),
        (days @ 1.., 0) => format!("{days} days"),
        _ => format_duration(time).to_string(),
    }
}

/// An error and its causes in one line, for a log.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let causes = successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
