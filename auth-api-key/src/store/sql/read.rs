//! Reads keys from their rows.

use std::time::SystemTime;

use ipnet::IpNet;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{FromRow, Row as _, types::Json};

use super::super::{ARRAY_OF_CODES, Database};
use crate::{
    error::{Error, StateError},
    key::{
        Damage, Digest, Hint, KeyRecord, from_millis,
        network::{self, canonical},
    },
    store::error::DbResult,
};

pub(super) type Connection = <Database as sqlx::Database>::Connection;
pub(super) type Query = sqlx::QueryBuilder<Database>;

/// How many rows one statement names.
pub(super) const BATCH: usize = 1000;

/// Keys, each with one of its texts.
fn select_key(text: &str) -> Query {
    let mut query = Query::new(
        "SELECT k.id, k.name, k.technical_name, k.user_id, k.networks, k.metadata,
                k.expires_at, k.active, k.created_at, k.renewed_at, u.active AS user_active,
                coalesce((SELECT used_at FROM api_key_use WHERE key_id = k.id), 0) AS used_at,
                (SELECT ",
    );
    query
        .push(ARRAY_OF_CODES)
        .push(
            " FROM api_key_group_member m JOIN api_key_group g ON g.id = m.group_id
                 WHERE m.key_id = k.id) AS groups, ",
        )
        .push(text)
        .push(" FROM api_key k JOIN api_key_user u ON u.id = k.user_id ");
    query
}

/// The keys of texts, each with the text `s` by which it is found.
pub(super) fn select_found(digests: &[Digest]) -> Query {
    let mut query = select_key("s.digest, s.prefix, s.hint, s.valid_until");
    query.push("JOIN api_key_secret s ON s.key_id = k.id WHERE s.digest IN ");
    push_list(
        &mut query,
        digests.iter().map(|digest| digest.as_bytes().as_slice()),
    );
    query
}

/// A part of a key's newest text, looked up for each key.
pub(super) fn newest(part: &str, key_id: &str) -> String {
    format!("(SELECT {part} FROM api_key_secret WHERE key_id = {key_id} ORDER BY id DESC LIMIT 1)")
}

/// Keys with the hint of their newest text.
pub(super) fn select_keys() -> Query {
    select_key(&format!(
        "{} AS prefix, coalesce({}, '') AS hint, CAST(NULL AS bigint) AS valid_until",
        newest("prefix", "k.id"),
        newest("hint", "k.id")
    ))
}

pub(super) struct Found(pub(super) KeyRecord, pub(super) Option<SystemTime>);

impl Found {
    /// The key as its callers by this text have it: the text may end before the key does.
    pub(super) fn by_its_text(self) -> KeyRecord {
        let Self(mut record, valid_until) = self;
        record.expires_at = [record.expires_at, valid_until].into_iter().flatten().min();
        record
    }
}

pub(super) type Row = <Database as sqlx::Database>::Row;

/// A row that may have been changed by hand. Notes what of it cannot be read.
struct Reading<'a> {
    row: &'a Row,
    damages: Vec<Damage>,
}

impl Reading<'_> {
    fn json<T: DeserializeOwned + Default>(&mut self, column: &'static str) -> T {
        match self.row.try_get(column) {
            Ok(Json(value)) => value,
            Err(error) => {
                self.damages.push(Damage::new(column, cause(&error)));
                T::default()
            }
        }
    }

    fn networks(&mut self) -> Vec<IpNet> {
        let texts: Vec<Value> = self.json("networks");
        let mut networks = Vec::with_capacity(texts.len());
        for text in texts {
            match text.as_str().map(network::read) {
                Some(Ok(network)) => networks.push(canonical(network)),
                Some(Err(_)) | None => {
                    let problem = format!("{text} is neither a network nor an address");
                    self.damages.push(Damage::new("networks", problem));
                }
            }
        }
        networks
    }

    /// The key's name, or how to call the key if the name cannot be typed.
    fn name(&mut self, id: i64) -> sqlx::Result<String> {
        if let Ok(name) = self.row.try_get("name") {
            return Ok(name);
        }
        let (unreadable, name) = (text(self.row, "name")?, format!("#{id}"));
        let problem = format!(
            "{unreadable:?} is not UTF-8; the key is called \"{name}\" until it is renamed"
        );
        self.damages.push(Damage::new("name", problem));
        Ok(name)
    }

    fn text(&mut self, column: &'static str) -> sqlx::Result<Option<String>> {
        match self.row.try_get(column) {
            Err(_) => {
                self.damages.push(Damage::new(column, "it is not UTF-8"));
                text(self.row, column).map(Some)
            }
            read => read,
        }
    }
}

/// A text, which in SQLite need not be UTF-8.
pub(super) fn text(row: &Row, column: &str) -> sqlx::Result<String> {
    row.try_get(column).or_else(|_| {
        let bytes: Vec<u8> = row.try_get_unchecked(column)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    })
}

/// Why a column cannot be read, without its number.
fn cause(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::ColumnDecode { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

impl FromRow<'_, Row> for Found {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let damages = Vec::new();
        let mut reading = Reading { row, damages };
        let id = row.try_get("id")?;
        let name = reading.name(id)?;
        let user = reading.text("user_id")?.unwrap_or_default();
        let mut record = KeyRecord::new(id, name, user);
        record.groups = reading.json("groups");
        record.groups.sort();
        record.networks = reading.networks();
        record.metadata = reading.json("metadata");
        record.expires_at = time(row.try_get("expires_at")?);
        record.active = row.try_get("active")?;
        record.user_active = row.try_get("user_active")?;
        let prefix: Option<String> = row.try_get("prefix").unwrap_or_default();
        record.hint = Hint::new(prefix.unwrap_or_default(), text(row, "hint")?);
        record.technical_name = reading.text("technical_name")?;
        record.created_at = from_millis(row.try_get("created_at")?);
        record.renewed_at = time(row.try_get("renewed_at")?);
        let used_at = Some(row.try_get("used_at")?);
        record.last_used_at = time(used_at.filter(|millis| *millis != 0));
        record.damages = reading.damages;
        Ok(Self(record, time(row.try_get("valid_until")?)))
    }
}

/// The digest of a text.
pub(super) fn digest(row: &<Database as sqlx::Database>::Row) -> DbResult<Digest> {
    let bytes: [u8; 32] = row
        .try_get::<&[u8], _>("digest")?
        .try_into()
        .map_err(|_| Error::store("the digest of a text is not 32 bytes long"))?;
    Ok(bytes.into())
}

/// The keys for which a condition holds, in the order of their names.
pub(super) async fn select(
    connection: &mut Connection,
    condition: impl FnOnce(&mut Query),
) -> sqlx::Result<Vec<KeyRecord>> {
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
    // PostgreSQL takes no such text, and no key has such a name.
    if name.contains('\0') {
        return Ok(None);
    }
    let named = select(connection, |query| {
        query.push("k.name = ").push_bind(name);
    });
    match named.await?.pop() {
        None => damaged(connection, name).await,
        found => Ok(found),
    }
}

/// The key that has its number as its name, since its name cannot be read.
pub(super) async fn damaged(
    connection: &mut Connection,
    name: &str,
) -> DbResult<Option<KeyRecord>> {
    let Some(id) = name.strip_prefix('#').and_then(|id| id.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let numbered = select(connection, |query| {
        query.push("k.id = ").push_bind(id);
    });
    let is_damaged = |key: &KeyRecord| key.damages.iter().any(|damage| damage.column == "name");
    Ok(numbered.await?.pop().filter(is_damaged))
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
