//! Whether this version can use tables that a newer version has made.

use super::read::Connection;
use crate::{
    error::OpenError,
    store::{error::DbResult, migrations::NEWEST},
};

/// An error if the database has a newer migration than this version knows, and the migration does not
/// say that this version can still use its tables.
pub(in super::super) async fn require_compatible(connection: &mut Connection) -> DbResult<()> {
    let found = sqlx::query_scalar("SELECT max(version) FROM _auth_api_key_migrations");
    let found: i64 = found.fetch_one(&mut *connection).await?;
    if found <= NEWEST {
        return Ok(());
    }
    let from = sqlx::query_scalar("SELECT compatible_from FROM api_key_schema WHERE version = $1");
    let from: Option<i64> = from.bind(found).fetch_optional(connection).await?;
    let known = NEWEST;
    match from.is_some_and(|from| from <= known) {
        true => Ok(()),
        false => Err(OpenError::NewerDatabase { found, known }.into()),
    }
}
