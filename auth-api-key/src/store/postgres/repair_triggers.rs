//! The triggers of a PostgreSQL database: finds those that were dropped or disabled, and makes them again.

use sqlx::{AssertSqlSafe, PgConnection};

use super::watch;
use crate::store::error::DbResult;

/// The triggers, but those that announce, that are missing or were disabled or enabled in another way; and what
/// makes each of them again.
const CHANGED: &str = "\
    SELECT format('%s ON %s', made.name, of_table),
           format('DROP TRIGGER IF EXISTS %I ON %I; %s', made.name, of_table, definition)
    FROM api_key_trigger made
    LEFT JOIN pg_trigger t ON tgrelid = to_regclass(of_table) AND tgname = made.name
    LEFT JOIN pg_proc p ON p.oid = tgfoid
    WHERE (tgenabled = 'O' AND proname LIKE 'api\\_key\\_%') IS NOT TRUE
    ORDER BY made.name, of_table";

/// Those that announce, and the others.
pub(super) struct Changed {
    announcing: Vec<String>,
    others: Vec<(String, String)>,
}

impl Changed {
    pub(super) async fn find(connection: &mut PgConnection) -> DbResult<Self> {
        Ok(Self {
            announcing: watch::changed_triggers(&mut *connection).await?,
            others: sqlx::query_as(CHANGED).fetch_all(connection).await?,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.announcing.is_empty() && self.others.is_empty()
    }

    /// Makes the triggers again, and gives their names. No use of a key is noted until the end of the
    /// transaction, since it would be lost.
    pub(super) async fn repair(self, connection: &mut PgConnection) -> DbResult<Vec<String>> {
        sqlx::query("LOCK TABLE api_key_use IN SHARE MODE")
            .execute(&mut *connection)
            .await?;
        if !self.announcing.is_empty() {
            sqlx::query("SELECT api_key_make_triggers()")
                .execute(&mut *connection)
                .await?;
        }
        let mut names = self.announcing;
        for (name, again) in self.others {
            sqlx::raw_sql(AssertSqlSafe(again))
                .execute(&mut *connection)
                .await?;
            names.push(name);
        }
        Ok(names)
    }
}
