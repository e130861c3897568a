//! Makes lists right again after the triggers that keep them were off.

use super::read::Connection;
use crate::store::error::DbResult;

/// Writes only the rows that are not as they must be.
const LIST_AGAIN: [&str; 3] = [
    "INSERT INTO api_key_use (key_id, used_at)
     SELECT id, 0 FROM api_key WHERE id NOT IN (SELECT key_id FROM api_key_use)",
    "DELETE FROM api_key_listed WHERE (key_id, list) IN (
         SELECT key_id, list FROM (
             SELECT * FROM api_key_listed EXCEPT SELECT * FROM api_key_to_list) AS wrong)",
    "INSERT INTO api_key_listed SELECT * FROM api_key_to_list EXCEPT SELECT * FROM api_key_listed",
];

pub(in crate::store) async fn relist(connection: &mut Connection) -> DbResult<()> {
    for statement in LIST_AGAIN {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}
