//! The triggers that record changes in a SQLite file: checks that they are as a migration made them.

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use crate::{error::OpenError, store::error::DbResult};

/// Names and statements of the triggers that are missing or differ.
async fn changed(connection: &mut SqliteConnection) -> DbResult<Vec<(String, String)>> {
    let changed = "SELECT made.name, made.sql FROM api_key_trigger made
                   LEFT JOIN sqlite_schema found ON found.type = 'trigger' AND found.name = made.name
                   WHERE found.sql IS NOT made.sql ORDER BY made.name";
    Ok(sqlx::query_as(changed).fetch_all(connection).await?)
}

pub(super) async fn require(connection: &mut SqliteConnection) -> DbResult<()> {
    match changed(connection).await?.into_iter().next() {
        Some((trigger, _)) => Err(OpenError::ChangedTrigger { trigger }.into()),
        None => Ok(()),
    }
}

/// Makes these triggers again, and gives their names.
pub(super) async fn repair(connection: &mut SqliteConnection) -> DbResult<Vec<String>> {
    if changed(connection).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let changed = changed(&mut transaction).await?;
    for (name, sql) in &changed {
        let anew = AssertSqlSafe(format!("DROP TRIGGER IF EXISTS {name}; {sql}"));
        sqlx::raw_sql(anew).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(changed.into_iter().map(|(name, _)| name).collect())
}
