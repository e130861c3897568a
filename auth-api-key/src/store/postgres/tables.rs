//! Whether a database has the tables, and making them.

use sqlx::{Connection as _, PgConnection, migrate::MigrateError};

use super::sql::require_compatible;
use crate::{
    error::Error,
    store::{
        fault::{DbError, DbResult},
        migrations::{migrator, missing, not_run},
    },
};

/// The lock of those who make the tables of a database.
const MAKING: i64 = i64::from_be_bytes(*b"api_keys");

/// Makes the tables where they are missing, if they are to be made; an error if they cannot be used.
pub(super) async fn prepare(connection: &mut PgConnection, migrate: bool) -> DbResult<()> {
    let migrator = migrator(
        include_str!("../../../migrations/postgres/0001_keys.sql"),
        include_str!("../../../migrations/postgres/0002_lists.sql"),
    );
    // In one snapshot: others may be making them.
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
         WHERE nspname = current_schema() AND relname LIKE '%api\\_key%'",
    )
    .fetch_all(&mut *connection)
    .await?;
    if let Some(first) = missing(&migrator, connection, &found).await? {
        if !migrate {
            return Err(not_run(first, None).into());
        }
        // All of it, or nothing.
        let mut transaction = connection.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(MAKING)
            .execute(&mut *transaction)
            .await?;
        let run = migrator.run_direct(None, &mut *transaction, false).await;
        run.map_err(|error| match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)
                if may_not(&error) =>
            {
                not_run(first, Some(DbError(error).into())).into()
            }
            error => Error::store(error),
        })?;
        transaction.commit().await?;
    }
    require_compatible(connection).await
}

/// Whether the role has no right to do it, or to do more than read.
fn may_not(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    let code = error.and_then(|error| error.code());
    matches!(code.as_deref(), Some("42501" | "25006"))
}
