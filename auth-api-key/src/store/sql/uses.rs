//! Writes when keys were last used.

use std::time::SystemTime;

use super::{
    super::{KEEP_KEYS, Store},
    read::Query,
};
use crate::{key::to_millis, store::error::DbResult};

impl Store {
    pub(super) async fn write_uses(&self, uses: &[(i64, SystemTime)]) -> DbResult<()> {
        let mut transaction = self.begin().await?;
        let uses = uses.iter().map(|(id, time)| Ok((*id, to_millis(*time)?)));
        let uses = uses.collect::<DbResult<Vec<_>>>()?;
        Query::new(
            "INSERT INTO api_key_use (key_id, used_at)
             SELECT v.column1, v.column2 FROM (",
        )
        .push_values(uses, |mut row, (id, millis)| {
            row.push_bind(id).push_bind(millis);
        })
        .push(") AS v JOIN api_key k ON k.id = v.column1 WHERE true ORDER BY 1 ")
        .push(KEEP_KEYS)
        .push(
            " ON CONFLICT (key_id) DO UPDATE SET used_at = excluded.used_at
             WHERE api_key_use.used_at < excluded.used_at",
        )
        .build()
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}
