//! Errors inside a store: sqlx's become [`Error::Store`], so no public signature names sqlx.

use std::{borrow::Cow, error::Error as StdError, fmt};

use futures_util::future::{BoxFuture, FutureExt as _, TryFutureExt as _};

use crate::error::{Error, InputError, OpenError, StateError};

pub(super) type DbResult<T> = Result<T, StoreError>;

#[derive(Debug)]
pub(super) struct StoreError(Error);

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl StoreError {
    /// Whether the role, the server or the file only lets keys be read.
    pub(super) fn is_not_allowed(&self) -> bool {
        self.db().is_some_and(|DbError(error)| match code(error) {
            Some(Code::Sqlite(code)) => code == SQLITE_READONLY,
            // insufficient_privilege, read_only_sql_transaction
            Some(Code::Postgres(code)) => matches!(&*code, "42501" | "25006"),
            None => false,
        })
    }

    /// Whether the lock of another change was not free in time.
    #[cfg(feature = "sqlite")]
    pub(super) fn is_lock_timeout(&self) -> bool {
        self.db().is_some_and(DbError::waited_for_a_change)
    }

    /// Whether the database refuses a value, and not for a lack of time or rights.
    pub(super) fn is_bad_value(&self) -> bool {
        self.db().is_some_and(|DbError(error)| match code(error) {
            Some(Code::Sqlite(code)) => code == SQLITE_CONSTRAINT,
            // data exceptions, and integrity constraints
            Some(Code::Postgres(code)) => code.starts_with("22") || code.starts_with("23"),
            None => false,
        })
    }

    /// Adds to an error of the database which row it is about.
    pub(super) fn of_row(self, table: &str, row: &str) -> Self {
        match self.0 {
            Error::Store(error) => Self(Error::store(format!(
                "the row of `{table}` with {row} cannot be copied: {error}; repair or delete it in the \
                 source database"
            ))),
            _ => self,
        }
    }

    pub(super) fn is_outdated(&self) -> bool {
        self.db().is_some_and(|DbError(error)| is_outdated(error))
    }

    fn db(&self) -> Option<&DbError> {
        match &self.0 {
            Error::Store(error) => error.downcast_ref(),
            _ => None,
        }
    }

    /// Adds the holder of the lock to an error of the database.
    pub(super) fn held_up_by(self, holder: String) -> Self {
        match self.0 {
            Error::Store(error) => Self(Error::store(HeldUp { holder, error })),
            _ => self,
        }
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[derive(Debug, thiserror::Error)]
#[error("{error}; a lock is held by {holder}")]
struct HeldUp {
    holder: String,
    error: Box<dyn StdError + Send + Sync>,
}

/// Whether a table was altered since a statement over it was prepared. PostgreSQL then says "cached plan
/// must not change result type", which is feature_not_supported. SQLite prepares it anew by itself.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(super) fn is_outdated(error: &sqlx::Error) -> bool {
    matches!(code(error), Some(Code::Postgres(code)) if code == "0A000")
}

const SQLITE_BUSY: u32 = 5;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
const SQLITE_CONSTRAINT: u32 = 19;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
const SQLITE_READONLY: u32 = 8;

/// What a database calls an error.
enum Code<'a> {
    /// Without the extended bits.
    Sqlite(u32),
    Postgres(Cow<'a, str>),
}

fn code(error: &sqlx::Error) -> Option<Code<'_>> {
    let code = error.as_database_error()?.code()?;
    // SQLSTATE has five characters, which may all be digits.
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => Some(Code::Sqlite(number & 0xff)),
        _ => Some(Code::Postgres(code)),
    }
}

/// Boxes the result of a store, with a public error.
pub(super) fn boxed<'a, T>(
    asking: impl Future<Output = DbResult<T>> + Send + 'a,
) -> BoxFuture<'a, Result<T, Error>> {
    asking.map_err(Error::from).boxed()
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self(Error::store(DbError(error)))
    }
}

/// sqlx's error. Its text includes the cause, so `source` skips it.
pub(super) struct DbError(pub(super) sqlx::Error);

/// For a program that ends with this error and prints it: without lines of the server's source.
impl fmt::Debug for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DbError").field(&self.to_string()).finish()
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (said_by_postgres(&self.0), &self.0) {
            (Some(said), _) => f.write_str(&said)?,
            (None, sqlx::Error::PoolTimedOut) => f.write_str(
                "no connection in time: all connections of this node are in use, or the database gives \
                 no more",
            )?,
            // sqlx would say of each that it comes from a database.
            (None, sqlx::Error::Database(error)) => f.write_str(error.message())?,
            (None, sqlx::Error::Io(error)) => error.fmt(f)?,
            (None, sqlx::Error::Configuration(error)) => error.fmt(f)?,
            (None, error) => error.fmt(f)?,
        }
        if let Some(Code::Sqlite(SQLITE_READONLY)) = code(&self.0) {
            f.write_str("; this program may not write it: let it write the file and its folder")?;
        }
        match self.waited_for_a_change() {
            true => f.write_str(
                "; another program is changing the database, such as a long import: try again when it \
                 is done",
            ),
            false => Ok(()),
        }
    }
}

impl DbError {
    /// Whether the lock of another change was not free in time.
    fn waited_for_a_change(&self) -> bool {
        match code(&self.0) {
            Some(Code::Sqlite(code)) => code == SQLITE_BUSY,
            // lock_not_available
            Some(Code::Postgres(code)) => code == "55P03",
            None => false,
        }
    }
}

/// What is wrong with a pooler between a node and its server.
#[cfg(feature = "postgres")]
pub(super) const POOLER: &str = "statements do not stay prepared, because the pooler in front of the server does not keep them: PgBouncer keeps \
     them from version 1.21 on, with a `max_prepared_statements` of 100 or more; upgrade it, or set that";

/// What to say of an error that a pooler gives or causes.
#[cfg(feature = "postgres")]
pub(super) fn of_pooler(error: &sqlx::Error) -> Option<&'static str> {
    let error = error.as_database_error()?;
    match &*error.code()? {
        // invalid_sql_statement_name, duplicate_prepared_statement
        "26000" | "42P05" => Some(POOLER),
        // protocol_violation
        "08P01" if error.message().contains("startup parameter") => Some(
            "this is a pooler, such as PgBouncer: give the address of the server itself, too, on the command \
             line by `--watch-url` or DATABASE_WATCH_URL, in the library by `Builder::watch_url` (`copy` \
             needs that address alone)",
        ),
        _ => None,
    }
}

/// What the server itself says, and what helps if a role lacks a right. sqlx would add a line of the
/// server's source.
#[cfg(any(feature = "postgres", feature = "odoo"))]
fn said_by_postgres(error: &sqlx::Error) -> Option<String> {
    #[cfg(feature = "postgres")]
    let of_pooler = of_pooler(error);
    let error = error.as_database_error()?;
    let error = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
    let more = [error.detail(), error.hint()].into_iter().flatten();
    let more = more.map(str::to_owned);
    #[cfg(feature = "postgres")]
    let more = {
        let refused = error.code() == "42501";
        let remedy = refused.then(|| super::grants::remedy(error.message()));
        more.chain(remedy.flatten())
            .chain(of_pooler.map(str::to_owned))
    };
    Some(more.fold(error.message().to_owned(), |said, more| {
        format!("{said}; {more}")
    }))
}

#[cfg(not(any(feature = "postgres", feature = "odoo")))]
fn said_by_postgres(_: &sqlx::Error) -> Option<String> {
    None
}

impl StdError for DbError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()?.source()
    }
}

/// For a server that is silent.
#[cfg(any(feature = "postgres", feature = "odoo"))]
pub(super) fn no_answer(patience: std::time::Duration) -> sqlx::Error {
    let silent = format!("the server has not answered for {patience:?}");
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, silent))
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<InputError> for StoreError {
    fn from(error: InputError) -> Self {
        Self(error.into())
    }
}

impl From<StateError> for StoreError {
    fn from(error: StateError) -> Self {
        Self(error.into())
    }
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        Self(error.into())
    }
}

impl From<StoreError> for Error {
    fn from(StoreError(error): StoreError) -> Self {
        error
    }
}
