//! Lists of keys, groups and users, a page at a time.

use std::time::SystemTime;

use super::{
    super::{BY_BYTES, POSITION},
    read::{Connection, Found, HINT, Query, select_keys},
};
use crate::{
    key::{Cursor, Group, KeyFilter, KeyOrder, KeyRecord, KeyState, Page, Paging, User, to_millis},
    store::fault::DbResult,
};

/// How many keys are looked up and sorted for a page. Where more meet each condition, a page that is
/// read in the order of the list is soon full.
const FEW: i64 = 5000;

/// The keys that an index finds for one condition of a filter.
enum Indexed<'a> {
    User(&'a str),
    Group(&'a str),
    Archived,
    ExpiringBefore(i64),
    UnusedSince(i64),
}

impl<'a> Indexed<'a> {
    /// The conditions of a filter that the order of its list does not serve already.
    fn of(filter: &'a KeyFilter, now: i64) -> DbResult<Vec<Self>> {
        let user = filter.user.as_deref().map(Self::User);
        let expiring = filter.expiring_before.map(to_millis).transpose()?;
        let unused = filter.unused_since.map(to_millis).transpose()?;
        let state = match filter.state {
            Some(KeyState::Archived) => Some(Self::Archived),
            Some(KeyState::Expired) => Some(Self::ExpiringBefore(now + 1)),
            Some(KeyState::Active) | None => None,
        };
        let by_name = filter.order == KeyOrder::Name;
        let indexed = [
            user.filter(|_| !by_name),
            filter.group.as_deref().map(Self::Group),
            state,
            expiring.map(Self::ExpiringBefore),
            unused.map(Self::UnusedSince).filter(|_| by_name),
        ];
        Ok(indexed.into_iter().flatten().collect())
    }

    fn push(&self, query: &mut Query) {
        match self {
            Self::User(user) => query
                .push("SELECT id FROM api_key WHERE user_id = ")
                .push_bind((*user).to_owned()),
            Self::Group(code) => query
                .push(
                    "SELECT key_id AS id FROM api_key_group_member WHERE group_id =
                     (SELECT id FROM api_key_group WHERE code = ",
                )
                .push_bind((*code).to_owned())
                .push(")"),
            Self::Archived => query.push(
                "SELECT id FROM api_key WHERE NOT active
                 UNION ALL SELECT k.id FROM api_key_user u JOIN api_key k ON k.user_id = u.id
                 WHERE NOT u.active AND k.active",
            ),
            Self::ExpiringBefore(time) => query
                .push("SELECT id FROM api_key WHERE expires_at < ")
                .push_bind(*time),
            Self::UnusedSince(time) => query
                .push("SELECT key_id AS id FROM api_key_use WHERE used_at < ")
                .push_bind(*time),
        };
    }
}

/// The condition that the fewest keys meet, if they are few.
async fn rarest<'a>(
    connection: &mut Connection,
    filter: &'a KeyFilter,
    now: i64,
) -> DbResult<Option<Indexed<'a>>> {
    let mut rarest = (FEW + 1, None);
    for indexed in Indexed::of(filter, now)? {
        let mut query = Query::new("SELECT count(*) FROM (SELECT 1 FROM (");
        indexed.push(&mut query);
        query
            .push(") AS met LIMIT ")
            .push_bind(rarest.0)
            .push(") AS few");
        let counted = query.build_query_scalar().persistent(false);
        let count: i64 = counted.fetch_one(&mut *connection).await?;
        if count < rarest.0 {
            rarest = (count, Some(indexed));
        }
    }
    Ok(rarest.1)
}

/// ` AND …` for each condition on a key `k`. None of them is a join, so that the keys are read in the
/// order in which they are asked for.
fn push_conditions(query: &mut Query, filter: &KeyFilter, used_at: &str, now: i64) -> DbResult<()> {
    const ACTIVE: &str = "k.active AND (SELECT active FROM api_key_user WHERE id = k.user_id)";
    if let Some(text) = &filter.text {
        query
            .push(format!(" AND ({POSITION}(lower(k.name {BY_BYTES}), "))
            .push_bind(text.clone())
            .push(format!(") > 0 OR {POSITION}(lower({HINT} {BY_BYTES}), "))
            .push_bind(text.clone())
            .push(") > 0)");
    }
    if let Some(user) = &filter.user {
        query.push(" AND k.user_id = ").push_bind(user.clone());
    }
    if let Some(code) = &filter.group {
        query
            .push(
                " AND (SELECT key_id FROM api_key_group_member WHERE key_id = k.id AND group_id =
                      (SELECT id FROM api_key_group WHERE code = ",
            )
            .push_bind(code.clone())
            .push(")) IS NOT NULL");
    }
    match filter.state {
        None => {}
        Some(KeyState::Active) => {
            query
                .push(format!(
                    " AND {ACTIVE} AND (k.expires_at IS NULL OR k.expires_at > "
                ))
                .push_bind(now)
                .push(")");
        }
        Some(KeyState::Expired) => {
            query
                .push(format!(" AND {ACTIVE} AND k.expires_at <= "))
                .push_bind(now);
        }
        Some(KeyState::Archived) => {
            query.push(format!(" AND NOT ({ACTIVE})"));
        }
    }
    if let Some(time) = filter.expiring_before {
        query
            .push(" AND k.expires_at < ")
            .push_bind(to_millis(time)?);
    }
    if let Some(time) = filter.unused_since {
        query
            .push(format!(" AND {used_at} < "))
            .push_bind(to_millis(time)?);
    }
    Ok(())
}

/// Whether a filter asks for a character that no text in a database has.
fn selects_none(filter: &KeyFilter) -> bool {
    let KeyFilter {
        text, user, group, ..
    } = filter;
    let mut texts = [text, user, group].into_iter().flatten();
    texts.any(|text| text.contains('\0'))
}

/// A last use that is looked up for each key.
const USED_AT: &str = "(SELECT used_at FROM api_key_use WHERE key_id = k.id)";

/// One more than a page has is read, to know whether there is another.
fn one_more(paging: &Paging) -> i64 {
    i64::try_from(paging.size + 1).unwrap_or(i64::MAX)
}

pub(super) async fn page(
    connection: &mut Connection,
    filter: &KeyFilter,
) -> DbResult<Page<KeyRecord>> {
    if selects_none(filter) {
        return Ok(Page::cut(Vec::new(), 0, |key| filter.cursor(key)));
    }
    let now = to_millis(SystemTime::now())?;
    let rarest = rarest(connection, filter, now).await?;
    let mut query = select_keys();
    query.push("WHERE k.id IN (SELECT k.id FROM ");
    if let Some(indexed) = &rarest {
        query.push("(");
        indexed.push(&mut query);
        // So that PostgreSQL, too, knows that they are few. Some may have been added since.
        query
            .push(" LIMIT ")
            .push_bind(2 * FEW)
            .push(") AS few CROSS JOIN ");
    }
    // SQLite reads cross joins in the order in which they are written.
    let order = match filter.order {
        KeyOrder::Name => {
            query.push("api_key k WHERE true");
            if let Some(name) = filter.paging.after_name()? {
                query.push(" AND k.name > ").push_bind(name.to_owned());
            }
            push_conditions(&mut query, filter, USED_AT, now)?;
            ("k.name", "k.name")
        }
        KeyOrder::LastUse => {
            query.push("api_key_use w CROSS JOIN api_key k WHERE w.key_id = k.id");
            if let Some((at, id)) = filter.after_use()? {
                let at = at.map(to_millis).transpose()?.unwrap_or(0);
                query.push(" AND (w.used_at, w.key_id) > (").push_bind(at);
                query.push(", ").push_bind(id).push(")");
            }
            push_conditions(&mut query, filter, "w.used_at", now)?;
            ("w.used_at, w.key_id", "used_at, k.id")
        }
    };
    if rarest.is_some() {
        query.push(" AND k.id = few.id");
    }
    query
        .push(format!(" ORDER BY {} LIMIT ", order.0))
        .push_bind(one_more(&filter.paging))
        .push(format!(") ORDER BY {}", order.1));
    // Planned for these values, and not for any.
    let found = query.build_query_as().persistent(false);
    let found: Vec<Found> = found.fetch_all(connection).await?;
    let found = found.into_iter().map(|Found(record, _)| record).collect();
    Ok(Page::cut(found, filter.paging.size, |key| {
        filter.cursor(key)
    }))
}

pub(super) async fn count(connection: &mut Connection, filter: &KeyFilter) -> DbResult<u64> {
    if selects_none(filter) {
        return Ok(0);
    }
    let now = to_millis(SystemTime::now())?;
    let mut query = Query::new("SELECT count(*) FROM api_key k WHERE true");
    if let Some(code) = &filter.group {
        query.push(" AND k.id IN (");
        Indexed::Group(code).push(&mut query);
        query.push(")");
    }
    push_conditions(&mut query, filter, USED_AT, now)?;
    let counted = query.build_query_scalar().persistent(false);
    let count: i64 = counted.fetch_one(connection).await?;
    Ok(count.unsigned_abs())
}

pub(super) async fn groups(connection: &mut Connection, paging: &Paging) -> DbResult<Page<Group>> {
    let mut query = Query::new(
        "SELECT code, name,
                (SELECT count(*) FROM api_key_group_member WHERE group_id = g.id) AS keys
         FROM api_key_group g ",
    );
    push_paging(&mut query, "code", paging)?;
    let rows: Vec<(String, String, i64)> = query.build_query_as().fetch_all(connection).await?;
    let group =
        |(code, name, keys): (String, String, i64)| Group::new(code, name, keys.unsigned_abs());
    let groups = rows.into_iter().map(group).collect();
    Ok(Page::cut(groups, paging.size, |group| {
        Cursor::Name(group.code.clone())
    }))
}

pub(super) async fn users(connection: &mut Connection, paging: &Paging) -> DbResult<Page<User>> {
    let mut query = Query::new(
        "SELECT id, active, (SELECT count(*) FROM api_key WHERE user_id = u.id) AS keys
         FROM api_key_user u ",
    );
    push_paging(&mut query, "id", paging)?;
    let rows: Vec<(String, bool, i64)> = query.build_query_as().fetch_all(connection).await?;
    let user = |(id, active, keys): (String, _, i64)| User::new(id, active, keys.unsigned_abs());
    let users = rows.into_iter().map(user).collect();
    Ok(Page::cut(users, paging.size, |user| {
        Cursor::Name(user.id.clone())
    }))
}

/// The rows of a page, in the order of a column.
fn push_paging(query: &mut Query, column: &str, paging: &Paging) -> DbResult<()> {
    if let Some(name) = paging.after_name()? {
        query
            .push(format!("WHERE {column} > "))
            .push_bind(name.to_owned());
    }
    query
        .push(format!(" ORDER BY {column} LIMIT "))
        .push_bind(one_more(paging));
    Ok(())
}
