//! The migrations that make the tables of a database, and which of them have not been run on it.

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use super::error::DbResult;
use crate::error::{Error, OpenError};

/// The table of the migrations that were run. sqlx's own name is left to applications.
pub(super) const TABLE: &str = "_auth_api_key_migrations";

/// The newest of the migrations.
pub(super) const NEWEST: i64 = 7;

/// The migrations of one database, in their order. The `tables.rs` of each store includes their SQL.
pub(super) fn migrator(
    [keys, lists, trail, search, sessions, relisted, definitions]: [&'static str; 7],
) -> Migrator {
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    };
    let migrations = [
        (1, "keys", keys),
        (2, "lists", lists),
        (3, "trail", trail),
        (4, "search", search),
        (5, "sessions", sessions),
        (6, "lists and triggers", relisted),
        (NEWEST, "definitions", definitions),
    ];
    let migrations = migrations.map(migration);
    let mut migrator = Migrator::with_migrations(migrations.into());
    migrator.dangerous_set_table_name(TABLE);
    // A newer version may have run more, which this one can ignore.
    migrator.set_ignore_missing(true);
    // Each store has a lock that ends with its transaction.
    migrator.set_locking(false);
    migrator
}

/// The first migration that was not run, if there is one. An error if somebody else has made a table that
/// it would make. `found` are the names of the database's tables and views.
pub(super) async fn missing<'m>(
    migrator: &'m Migrator,
    connection: &mut impl Migrate,
    found: &[String],
) -> DbResult<Option<&'m Migration>> {
    let is_there = |name: &str| found.iter().any(|found| found.eq_ignore_ascii_case(name));
    let mut run = Vec::new();
    if is_there(TABLE) {
        if let Some(version) = connection
            .dirty_version(TABLE)
            .await
            .map_err(Error::store)?
        {
            return Err(Error::store(MigrateError::Dirty(version)).into());
        }
        run = connection
            .list_applied_migrations(TABLE)
            .await
            .map_err(Error::store)?;
    }
    let mut missing = Vec::new();
    for known in migrator.iter() {
        match run.iter().find(|run| run.version == known.version) {
            None => missing.push(known),
            Some(run) if run.checksum != known.checksum => {
                return Err(Error::store(MigrateError::VersionMismatch(known.version)).into());
            }
            Some(_) => {}
        }
    }
    let mut to_be_made = missing.iter().flat_map(|migration| made_by(migration));
    match to_be_made.find(|name| is_there(name)) {
        Some(table) => Err(OpenError::ForeignTable {
            table: table.to_owned(),
        }
        .into()),
        None => Ok(missing.into_iter().next()),
    }
}

/// The tables and views that a migration adds, not those that it replaces.
fn made_by(migration: &Migration) -> impl Iterator<Item = &str> {
    let sql = migration.sql.as_str();
    let made = sql.lines().filter_map(|line| {
        let kinds = ["TABLE", "VIEW", "VIRTUAL TABLE"];
        let mut kinds = kinds.map(|kind| format!("CREATE {kind} ")).into_iter();
        let name = kinds.find_map(|create| line.strip_prefix(create.as_str()))?;
        name.split(' ').next()
    });
    made.filter(|name| !sql.contains(&format!("DROP VIEW {name};")))
}

/// The error for a migration that was not run.
pub(super) fn not_run(
    migration: &Migration,
    error: Option<Box<dyn std::error::Error + Send + Sync>>,
) -> OpenError {
    OpenError::MissingMigration {
        version: migration.version,
        name: migration.description.clone().into_owned(),
        error,
    }
}
