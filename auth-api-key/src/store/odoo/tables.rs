//! The tables of Odoo's that have keys, and what is read of them.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::{AssertSqlSafe, FromRow, PgConnection, Row as _, postgres::PgRow};
use zeroize::Zeroizing;

use crate::{
    error::{Error, InputError, OpenError},
    key::{KeyRecord, Secret, from_millis},
    store::error::DbResult,
};

const KEY: &str = "auth_api_key";
const GROUP: &str = "auth_api_key_group";
const ENVIRONMENT: &str = "auth_api_key_server_env";
/// What a neutralized database has instead of each text.
const NEUTRALIZED: &str = "neutralized";

fn missing(what: &str, module: &'static str) -> OpenError {
    OpenError::NotOdoo {
        missing: what.to_owned(),
        module,
    }
}

/// An error if the keys are in a schema that the database user may not use.
async fn unusable_schema(connection: &mut PgConnection) -> DbResult<()> {
    let schema: Option<String> = sqlx::query_scalar(
        "SELECT nspname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
         WHERE relname = $1 AND relkind IN ('r', 'p', 'v') AND NOT has_schema_privilege(n.oid, 'USAGE')
         ORDER BY nspname LIMIT 1",
    )
    .bind(KEY)
    .fetch_optional(connection)
    .await?;
    match schema {
        None => Ok(()),
        Some(schema) => Err(OpenError::UnusableSchema { schema }.into()),
    }
}

/// The logins of the users who have keys, by their ids; empty if they may not be read.
pub(super) async fn logins(connection: &mut PgConnection) -> DbResult<BTreeMap<String, String>> {
    let may_be_read: Option<bool> = sqlx::query_scalar(
        "SELECT has_column_privilege(attrelid, attname, 'SELECT') FROM pg_attribute
         WHERE attrelid = to_regclass('res_users') AND attname = 'login'",
    )
    .fetch_optional(&mut *connection)
    .await?;
    if may_be_read != Some(true) {
        return Ok(BTreeMap::new());
    }
    let logins: Vec<(String, String)> = sqlx::query_as(
        "SELECT id::text, login::text FROM res_users
         WHERE login IS NOT NULL AND id IN (SELECT user_id FROM auth_api_key)",
    )
    .fetch_all(connection)
    .await?;
    Ok(logins.into_iter().collect())
}

/// Which optional tables and columns this Odoo has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tables {
    pub(super) groups: bool,
    /// `auth_api_key.active`
    active: bool,
    /// `auth_api_key.server_env_defaults` and `tech_name`; Odoo then ignores the column `key`.
    pub(super) environment: bool,
    /// `res_company.archived_user_disable_auth_api_key`
    option: bool,
}

impl Tables {
    /// Finds the tables. The text identifies their state: if a table or column takes the name of another, its
    /// rows may have the same `xmin`.
    pub(super) async fn find(connection: &mut PgConnection) -> DbResult<(Self, String)> {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT relname || '.' || attname,
                    concat_ws(' ', attrelid, pg_class.xmin, attnum, pg_attribute.xmin)
             FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
             WHERE attrelid IN (to_regclass('auth_api_key'), to_regclass('auth_api_key_group'),
                 to_regclass('auth_api_key_group_rel'), to_regclass('res_users'),
                 to_regclass('res_company'))
             AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum",
        )
        .fetch_all(&mut *connection)
        .await?;
        let (columns, states): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let has = |column: &str| columns.iter().any(|known| known == column);
        let tables = Self {
            groups: has("auth_api_key_group.code"),
            active: has("auth_api_key.active"),
            environment: has("auth_api_key.server_env_defaults"),
            option: has("res_company.archived_user_disable_auth_api_key"),
        };
        let required = [
            (true, "auth_api_key.id", KEY),
            (true, "auth_api_key.name", KEY),
            (true, "auth_api_key.user_id", KEY),
            (true, "auth_api_key.create_date", KEY),
            (!tables.environment, "auth_api_key.key", KEY),
            (tables.environment, "auth_api_key.tech_name", ENVIRONMENT),
            (tables.groups, "auth_api_key_group.name", GROUP),
            (tables.groups, "auth_api_key_group_rel.key_id", GROUP),
            (tables.groups, "auth_api_key_group_rel.group_id", GROUP),
            (true, "res_users.id", "base"),
            (true, "res_users.active", "base"),
            (true, "res_users.company_id", "base"),
        ];
        for (needed, column, module) in required {
            let (table, _) = column.split_once('.').unwrap_or_default();
            if needed && !has(column) {
                let known = columns
                    .iter()
                    .any(|column| column.split('.').next() == Some(table));
                if table == KEY && !known {
                    unusable_schema(connection).await?;
                }
                return Err(match column {
                    // Up to Odoo 13 a section of the configuration was found by the key's name.
                    "auth_api_key.tech_name" => OpenError::OldOdoo {
                        missing: "tech_name",
                    },
                    _ => missing(if known { column } else { table }, module),
                }
                .into());
            }
        }
        Ok((tables, states.join(",")))
    }

    /// Keys `k` with their users `u`, and the companies `c` of these.
    fn keys(self) -> &'static str {
        match self.option {
            true => {
                "auth_api_key k LEFT JOIN res_users u ON u.id = k.user_id
                 LEFT JOIN res_company c ON c.id = u.company_id"
            }
            false => "auth_api_key k LEFT JOIN res_users u ON u.id = k.user_id",
        }
    }

    /// Whether the company of a key's user disables the keys of archived users.
    fn disables(self) -> &'static str {
        match self.option {
            true => "coalesce(c.archived_user_disable_auth_api_key, false)",
            false => "false",
        }
    }
}

/// Which server answers.
#[derive(PartialEq, Eq)]
pub(super) struct Server {
    /// The same for all connections to one database, until the server is restarted or promoted.
    pub(super) place: String,
    /// What serves the connection: behind a pooler, another one for each question.
    pub(super) process: i32,
}

/// Identifies a state of the rows that decisions depend on.
#[derive(PartialEq, Eq)]
pub(super) struct Version {
    pub(super) server: Server,
    pub(super) tables: Tables,
    columns: String,
    hash: String,
}

impl Version {
    pub(super) async fn ask(connection: &mut PgConnection, server: Server) -> DbResult<Self> {
        let (tables, columns) = Tables::find(connection).await?;
        let hash = |id: &str, state: &str, from: &str| {
            format!(
                "(SELECT count(*) || ' ' || coalesce(sum(hashint8extended({id}, {state})), 0) FROM {from})"
            )
        };
        // Every change of a row gives it another `xmin`. Users and companies change for many
        // reasons, and what is read of them are two bits.
        let keys = format!(
            "k.xmin::text::bigint * 4 + CASE WHEN u.active THEN 2 ELSE 0 END
             + CASE WHEN {} THEN 1 ELSE 0 END",
            tables.disables()
        );
        let mut hashes = vec![hash("k.id", &keys, tables.keys())];
        if tables.groups {
            hashes.push(hash("id", "xmin::text::bigint", "auth_api_key_group"));
            hashes.push(hash("key_id", "group_id", "auth_api_key_group_rel"));
        }
        let hash = format!("SELECT concat_ws(' ', {})", hashes.join(", "));
        let hash = sqlx::query_scalar(AssertSqlSafe(hash));
        Ok(Self {
            server,
            tables,
            columns,
            hash: hash.fetch_one(connection).await?,
        })
    }
}

/// A record of Odoo's, and the text of its key.
pub(super) struct Row {
    pub(super) record: KeyRecord,
    pub(super) text: Zeroizing<String>,
}

impl Row {
    /// Whether the text was taken away from a copy of a database, as from all its keys.
    pub(super) fn is_neutralized(&self) -> bool {
        self.text.as_str() == NEUTRALIZED
    }

    /// The text, if a request can carry it and Odoo would find it.
    pub(super) fn secret(&self) -> Result<Secret, &'static str> {
        if self.is_neutralized() {
            return Err("was taken away when the database was neutralized");
        }
        match Secret::given(&self.record.name, self.text.as_str()) {
            Ok(secret) if secret.expose().is_ascii() => Ok(secret),
            Ok(_) => Err("is not in ASCII"),
            Err(Error::Input(InputError::UnusableText { problem, .. })) => Err(problem),
            Err(Error::Input(InputError::InvisibleText { .. })) => Err("is not in ASCII"),
            Err(_) => Err("is empty"),
        }
    }
}

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let mut record = KeyRecord::new(
            row.try_get("id")?,
            row.try_get::<String, _>("name")?,
            row.try_get::<i64, _>("user_id")?.to_string(),
        );
        record.active = row.try_get("active")?;
        record.user_active = row.try_get("user_active")?;
        record.groups = row.try_get("group_codes")?;
        record.groups.sort();
        record.technical_name = row.try_get("technical_name")?;
        record.created_at = from_millis(row.try_get("created_at")?);
        let text: Option<String> = row.try_get("key")?;
        Ok(Self {
            record,
            text: Zeroizing::new(text.unwrap_or_default()),
        })
    }
}

/// All keys, in the order in which Odoo finds them: of those that are active, the lowest id first.
pub(super) async fn rows(connection: &mut PgConnection, tables: Tables) -> DbResult<Vec<Row>> {
    let active = match tables.active {
        true => "coalesce(k.active, false)",
        false => "true",
    };
    let (key, technical_name) = match tables.environment {
        true => ("k.server_env_defaults::text", "k.tech_name::text"),
        false => ("k.key::text", "NULL::text"),
    };
    let (groups, join_groups) = match tables.groups {
        true => (
            "coalesce(m.codes, '{}')",
            "LEFT JOIN (SELECT r.key_id, array_agg(DISTINCT g.code::text) AS codes
                        FROM auth_api_key_group_rel r
                        JOIN auth_api_key_group g ON g.id = r.group_id
                        WHERE g.code IS NOT NULL GROUP BY r.key_id) m ON m.key_id = k.id",
        ),
        false => ("'{}'::text[]", ""),
    };
    let (disables, keys) = (tables.disables(), tables.keys());
    let select = format!(
        "SELECT k.id::bigint AS id, coalesce(k.name::text, '') AS name,
                coalesce(k.user_id, 0)::bigint AS user_id,
                coalesce(u.active, false) AS user_active,
                {active} AND (coalesce(u.active, false) OR NOT {disables}) AS active,
                CASE WHEN isfinite(k.create_date)
                     THEN extract(epoch FROM k.create_date) * 1000 ELSE 0 END::bigint AS created_at,
                {key} AS key, {technical_name} AS technical_name, {groups} AS group_codes
         FROM {keys} {join_groups} ORDER BY active DESC, id"
    );
    let mut rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(select))
        .fetch_all(connection)
        .await?;
    if tables.environment {
        for row in &mut rows {
            row.text = default_of_environment(&row.text);
        }
    }
    Ok(rows)
}

/// The names of groups, by their codes; of two with one code, that of the first.
pub(super) async fn groups(
    connection: &mut PgConnection,
    tables: Tables,
) -> DbResult<BTreeMap<String, String>> {
    if !tables.groups {
        return Ok(BTreeMap::new());
    }
    let groups: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT ON (code) code::text, coalesce(name::text, '') FROM auth_api_key_group
         WHERE code IS NOT NULL ORDER BY code, id",
    )
    .fetch_all(connection)
    .await?;
    Ok(groups.into_iter().collect())
}

/// What `server_env_defaults` has for a key, unless the configuration has another text.
fn default_of_environment(defaults: &str) -> Zeroizing<String> {
    let defaults: Value = serde_json::from_str(defaults).unwrap_or_default();
    let text = defaults["key_env_default"].as_str().unwrap_or_default();
    Zeroizing::new(text.to_owned())
}
