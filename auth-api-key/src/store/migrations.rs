//! The migrations that make the tables of a database.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::fault::Fault;
use crate::error::{Error, OpenError};

/// The migrations of one database; their table's name keeps them apart from an application's own.
pub(super) fn migrator(keys: &'static str, lists: &'static str) -> Migrator {
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    };
    let migrations = [(1, "keys", keys), (2, "lists", lists)].map(migration);
    let mut migrator = Migrator::with_migrations(migrations.into());
    migrator.dangerous_set_table_name("_auth_api_key_migrations");
    migrator
}

/// Says of tables that are newer than this crate that they are.
pub(super) fn explained(error: MigrateError, migrator: &Migrator) -> Fault {
    match error {
        MigrateError::VersionMissing(found) => {
            let known = migrator.iter().map(|known| known.version).max();
            let known = known.unwrap_or(0);
            OpenError::NewerDatabase { found, known }.into()
        }
        error => Error::store(error).into(),
    }
}
