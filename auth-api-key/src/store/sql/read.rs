//! Keys as they are read.

use std::time::SystemTime;

use sqlx::{FromRow, Row as _, types::Json};

use super::super::{ARRAY_OF_CODES, Database};
use crate::{
    error::StateError,
    key::{KeyRecord, from_millis, network::canonical},
    store::fault::DbResult,
};

pub(super) type Connection = <Database as sqlx::Database>::Connection;
pub(super) type Query = sqlx::QueryBuilder<Database>;

/// Keys, each with one of its texts.
fn select_key(text: &str) -> Query {
    let mut query = Query::new(
        "SELECT k.id, k.name, k.technical_name, k.user_id, k.networks, k.metadata,
                k.expires_at, k.active, k.created_at, u.active AS user_active,
                coalesce((SELECT used_at FROM api_key_use WHERE key_id = k.id), 0) AS used_at,
                (SELECT ",
    );
    query
        .push(ARRAY_OF_CODES)
        .push(
            " FROM api_key_group_member m JOIN api_key_group g ON g.id = m.group_id
                 WHERE m.key_id = k.id) AS group_codes, ",
        )
        .push(text)
        .push(" FROM api_key k JOIN api_key_user u ON u.id = k.user_id ");
    query
}

/// Keys with the text `s` by which they are found.
pub(super) fn select_found() -> Query {
    let mut query = select_key("s.hint, s.valid_until");
    query.push("JOIN api_key_secret s ON s.key_id = k.id ");
    query
}

/// The hint of a key's newest text, looked up for each key.
pub(super) fn hint(key_id: &str) -> String {
    format!("(SELECT hint FROM api_key_secret WHERE key_id = {key_id} ORDER BY id DESC LIMIT 1)")
}

/// Keys with the hint of their newest text.
pub(super) fn select_keys() -> Query {
    select_key(&format!(
        "coalesce({}, '') AS hint, CAST(NULL AS bigint) AS valid_until",
        hint("k.id")
    ))
}

pub(super) struct Found(pub(super) KeyRecord, pub(super) Option<SystemTime>);

impl FromRow<'_, <Database as sqlx::Database>::Row> for Found {
    fn from_row(row: &<Database as sqlx::Database>::Row) -> sqlx::Result<Self> {
        let networks: Json<Vec<String>> = row.try_get("networks")?;
        let networks: Result<_, _> = networks
            .iter()
            .map(|net| net.parse().map(canonical))
            .collect();
        let mut record = KeyRecord::new(
            row.try_get("id")?,
            row.try_get::<String, _>("name")?,
            row.try_get::<String, _>("user_id")?,
        );
        Json(record.groups) = row.try_get("group_codes")?;
        record.groups.sort();
        record.networks =
            networks.map_err(|error: ipnet::AddrParseError| sqlx::Error::ColumnDecode {
                index: "networks".to_owned(),
                source: error.into(),
            })?;
        Json(record.metadata) = row.try_get("metadata")?;
        record.expires_at = time(row.try_get("expires_at")?);
        record.active = row.try_get("active")?;
        record.user_active = row.try_get("user_active")?;
        record.hint = row.try_get("hint")?;
        record.technical_name = row.try_get("technical_name")?;
        record.created_at = from_millis(row.try_get("created_at")?);
        let used_at = Some(row.try_get("used_at")?);
        record.last_used_at = time(used_at.filter(|millis| *millis != 0));
        Ok(Self(record, time(row.try_get("valid_until")?)))
    }
}

/// The keys for which a condition holds, in the order of their names.
pub(super) async fn select(
    connection: &mut Connection,
    condition: impl FnOnce(&mut Query),
) -> DbResult<Vec<KeyRecord>> {
    let mut query = select_keys();
    query.push("WHERE ");
    condition(&mut query);
    query.push(" ORDER BY k.name");
    let found: Vec<Found> = query.build_query_as().fetch_all(connection).await?;
    Ok(found.into_iter().map(|Found(record, _)| record).collect())
}

pub(super) async fn key_named(
    connection: &mut Connection,
    name: &str,
) -> DbResult<Option<KeyRecord>> {
    let named = select(connection, |query| {
        query.push("k.name = ").push_bind(name);
    });
    Ok(named.await?.pop())
}

pub(super) async fn existing_key(connection: &mut Connection, name: &str) -> DbResult<KeyRecord> {
    key_named(connection, name).await?.ok_or_else(|| {
        StateError::NoSuchKey {
            name: name.to_owned(),
        }
        .into()
    })
}

/// `(…, …)`
pub(super) fn push_list<'a, T>(query: &mut Query, values: impl IntoIterator<Item = T>)
where
    T: sqlx::Encode<'a, Database> + sqlx::Type<Database> + 'a,
{
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

fn time(millis: Option<i64>) -> Option<SystemTime> {
    millis.map(from_millis)
}
