//! The migrations that make the tables of a database.

use sqlx::migrate::{Migration, MigrationType, Migrator};

/// The newest of them.
pub(super) const NEWEST: i64 = 2;

/// The migrations of one database; their table's name keeps them apart from an application's own.
pub(super) fn migrator(keys: &'static str, lists: &'static str) -> Migrator {
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    };
    let migrations = [(1, "keys", keys), (NEWEST, "lists", lists)].map(migration);
    let mut migrator = Migrator::with_migrations(migrations.into());
    migrator.dangerous_set_table_name("_auth_api_key_migrations");
    // Newer ones may have been made that can be lived with.
    migrator.set_ignore_missing(true);
    migrator
}
