//! Checks whether a database has the tables, and makes them from the SQL in `migrations/postgres`.

use sqlx::{Connection as _, PgConnection, migrate::MigrateError};

use super::{WRITING, sql::require_compatible};
use crate::{
    error::Error,
    store::{
        error::{DbError, DbResult, StoreError},
        grants::{self, Role},
        migrations::{TABLE, migrator, missing, not_run},
    },
};

/// The lock of those who make the tables of a database.
const MAKING: i64 = i64::from_be_bytes(*b"api_keys");

/// Makes missing tables if `migrate`; an error if they cannot be used.
pub(super) async fn prepare(connection: &mut PgConnection, migrate: bool) -> DbResult<()> {
    let migrator = migrator([
        include_str!("../../../migrations/postgres/0001_keys.sql"),
        include_str!("../../../migrations/postgres/0002_lists.sql"),
        include_str!("../../../migrations/postgres/0003_trail.sql"),
        include_str!("../../../migrations/postgres/0004_search.sql"),
        include_str!("../../../migrations/postgres/0005_sessions.sql"),
        include_str!("../../../migrations/postgres/0006_lists_and_triggers.sql"),
        include_str!("../../../migrations/postgres/0007_definitions.sql"),
    ]);
    // In one snapshot: others may be making them.
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
         WHERE nspname = current_schema() AND relname LIKE '%api\\_key%'",
    )
    .fetch_all(&mut *connection)
    .await?;
    if found.is_empty() {
        require_schema(connection).await?;
    }
    if found.iter().any(|name| name == TABLE) {
        require_grants(connection).await?;
    }
    if let Some(first) = missing(&migrator, connection, &found).await? {
        if !migrate {
            return Err(not_run(first, None).into());
        }
        // All of it, or nothing.
        let mut transaction = connection.begin_with(WRITING).await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(MAKING)
            .execute(&mut *transaction)
            .await?;
        let run = migrator.run_direct(None, &mut *transaction, false).await;
        run.map_err(|error| match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                match may_not(&error) {
                    true => not_run(first, Some(DbError(error).into())).into(),
                    false => error.into(),
                }
            }
            error => StoreError::from(Error::store(error)),
        })?;
        transaction.commit().await?;
    }
    require_compatible(connection).await
}

/// An error if the role may not read what verification reads.
async fn require_grants(connection: &mut PgConnection) -> DbResult<()> {
    match grants::lacking(connection, Role::VerifyingNode, |_| true).await? {
        Some(grants) => {
            Err(Error::store(format!("the role lacks rights: it needs {grants}")).into())
        }
        None => Ok(()),
    }
}

/// An error if the schema of the tables exists and cannot be used.
async fn require_schema(connection: &mut PgConnection) -> DbResult<()> {
    let unusable = "SELECT format('`GRANT USAGE ON SCHEMA %I TO %I`', nspname, current_user)
         FROM unnest(string_to_array(current_setting('search_path'), ',')) WITH ORDINALITY AS path (name, place)
         JOIN pg_namespace ON nspname = replace(trim(both ' \"' FROM name), '$user', current_user)
         WHERE NOT has_schema_privilege(oid, 'USAGE') ORDER BY place LIMIT 1";
    let unusable: Option<String> = sqlx::query_scalar(unusable)
        .fetch_optional(connection)
        .await?;
    match unusable {
        Some(grant) => {
            Err(Error::store(format!("the role lacks a right: it needs {grant}")).into())
        }
        None => Ok(()),
    }
}

/// Whether the role has no right to do it, or to do more than read.
fn may_not(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    let code = error.and_then(|error| error.code());
    matches!(code.as_deref(), Some("42501" | "25006"))
}
