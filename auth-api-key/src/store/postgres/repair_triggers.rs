//! The triggers of a PostgreSQL database and their functions: finds those that were dropped, disabled or replaced, and
//! makes them again.

use sqlx::{AssertSqlSafe, PgConnection, PgExecutor};

use crate::{error::StateError, store::error::DbResult};

/// Those that are not as a migration made them: what they are called and used for, and what makes them again.
const CHANGED: &str = "\
    SELECT CASE WHEN used_for = 'announcements' OR of_table = '' THEN name ELSE name || ' ON ' || of_table END,
           used_for, again
    FROM api_key_definition made LEFT JOIN api_key_defined() AS found USING (of_table, name)
    WHERE found.made IS DISTINCT FROM made.made
    ORDER BY place, used_for <> 'announcements', name, of_table";

struct Definition {
    name: String,
    used_for: String,
    again: String,
}

/// The changed ones, each after those that it needs.
pub(super) struct ChangedDefinitions(Vec<Definition>);

impl ChangedDefinitions {
    pub(super) async fn find(connection: impl PgExecutor<'_>) -> DbResult<Self> {
        let changed: Vec<_> = sqlx::query_as(CHANGED).fetch_all(connection).await?;
        let changed = changed.into_iter();
        let changed = changed.map(|(name, used_for, again)| Definition {
            name,
            used_for,
            again,
        });
        Ok(Self(changed.collect()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first by which nodes hear of changes.
    pub(super) fn announcing(&self) -> Option<&str> {
        self.first("announcements")
    }

    fn first(&self, used_for: &str) -> Option<&str> {
        let mut those = self.0.iter().filter(|changed| changed.used_for == used_for);
        those.next().map(|changed| changed.name.as_str())
    }

    /// Says in the log that something is missing in lists or in the trail.
    pub(super) fn report(&self) {
        for Definition { name, used_for, .. } in &self.0 {
            tracing::error!(
                "`{name}` is missing, disabled or replaced, so the {used_for} may miss changes: run `auth-api-key \
                 migrate`"
            );
        }
    }

    /// Makes them again, and gives their names. No use of a key is noted until the end of the transaction, since it
    /// would be lost.
    pub(super) async fn repair(self, connection: &mut PgConnection) -> DbResult<Vec<String>> {
        sqlx::query("LOCK TABLE api_key_use IN SHARE MODE")
            .execute(&mut *connection)
            .await?;
        let mut names = Vec::with_capacity(self.0.len());
        for Definition { name, again, .. } in self.0 {
            sqlx::raw_sql(AssertSqlSafe(again))
                .execute(&mut *connection)
                .await?;
            names.push(name);
        }
        Ok(names)
    }
}

/// An error if a change would leave no event.
pub(super) async fn require_trail(connection: &mut PgConnection) -> DbResult<()> {
    match ChangedDefinitions::find(connection).await?.first("trail") {
        Some(definition) => Err(StateError::TrailChanged {
            definition: definition.to_owned(),
        }
        .into()),
        None => Ok(()),
    }
}
