//! The triggers of a SQLite file: checks that they are as a migration made them, and makes them again.

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::{
    error::{OpenError, StateError},
    store::error::DbResult,
};

/// Whether a trigger writes events.
fn is_of_trail(name: &str) -> bool {
    name.starts_with("api_key_trail_") && !name.starts_with("api_key_trail_use_")
}

/// Names and statements of the triggers that are missing or differ.
const CHANGED: &str = "SELECT made.name, made.sql FROM api_key_trigger made
                       LEFT JOIN sqlite_schema found ON found.type = 'trigger' AND found.name = made.name
                       WHERE found.sql IS NOT made.sql AND made.watched >= $1 ORDER BY made.name";

/// Those that are missing or differ; only those by which changes are noticed, if asked for `watched` ones.
pub(super) async fn changed(
    connection: &mut SqliteConnection,
    watched: bool,
) -> DbResult<Vec<(String, String)>> {
    let changed = sqlx::query_as(CHANGED).bind(watched);
    Ok(changed.fetch_all(connection).await?)
}

/// An error if a trigger by which changes are noticed is missing or differs. Says in the log that another one is.
pub(super) async fn require(connection: &mut SqliteConnection) -> DbResult<()> {
    if let Some((trigger, _)) = changed(connection, true).await?.into_iter().next() {
        return Err(OpenError::ChangedTrigger { trigger }.into());
    }
    for (name, _) in changed(connection, false).await? {
        let used_for = if is_of_trail(&name) { "trail" } else { "lists" };
        tracing::error!(
            "`{name}` is missing or replaced, so the {used_for} may miss changes: run `auth-api-key migrate`"
        );
    }
    Ok(())
}

/// An error if a change would leave no event.
pub(super) async fn require_trail(connection: &mut SqliteConnection) -> DbResult<()> {
    let changed = changed(connection, false).await?;
    let mut names = changed.into_iter().map(|(name, _)| name);
    match names.find(|name| is_of_trail(name)) {
        Some(definition) => Err(StateError::TrailChanged { definition }.into()),
        None => Ok(()),
    }
}

/// Makes the triggers again, and gives their names.
pub(super) async fn repair(transaction: &mut SqliteConnection) -> DbResult<Vec<String>> {
    let changed = changed(transaction, false).await?;
    for (name, sql) in &changed {
        let again = AssertSqlSafe(format!("DROP TRIGGER IF EXISTS {name}; {sql}"));
        sqlx::raw_sql(again).execute(&mut *transaction).await?;
    }
    Ok(changed.into_iter().map(|(name, _)| name).collect())
}
