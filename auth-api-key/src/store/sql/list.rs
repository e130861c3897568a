//! Lists of keys, groups and users, a page at a time.

use std::time::SystemTime;

use sqlx::Row as _;

use super::{
    super::{BY_BYTES, ESTIMATE, POSITION, WITH_PART},
    read::{Connection, Found, Query, Row, damaged, select_keys, text},
};
use crate::{
    key::{
        Cursor, Group, KeyFilter, KeyOrder, KeyRecord, KeyState, Page, Paging, Search, User,
        to_millis,
    },
    store::error::DbResult,
};

/// How many keys of a range of times are read and sorted for a page. Where more are in the range, a
/// page that is read in the order of the list is soon full.
const FEW: i64 = 10_000;

/// How many keys that a text is found in are sorted for a page.
const FEW_FOUND: i64 = 2_000;

/// A range of times that an index finds the keys of a list by: those before one.
#[derive(Clone, Copy)]
struct Before {
    column: &'static str,
    time: i64,
}

/// The list that a page is read from.
#[derive(Clone, Copy)]
enum List<'a> {
    All,
    User(&'a str),
    Group(&'a str),
    UserInGroup(&'a str, &'a str),
}

impl<'a> List<'a> {
    fn of(filter: &'a KeyFilter) -> Self {
        match (filter.user.as_deref(), filter.group.as_deref()) {
            (None, None) => Self::All,
            (Some(user), None) => Self::User(user),
            (None, Some(group)) => Self::Group(group),
            (Some(user), Some(group)) => Self::UserInGroup(user, group),
        }
    }

    /// ` list = …`
    fn push(self, query: &mut Query) {
        query.push(" list = ");
        let of_a_group = |query: &mut Query, code: &str| {
            query
                .push("(SELECT 'g' || id FROM api_key_group WHERE code = ")
                .push_bind(code.to_owned())
                .push(")");
        };
        match self {
            Self::All => {
                query.push("'a'");
            }
            Self::User(user) => {
                query.push_bind(format!("u{user}"));
            }
            Self::Group(code) => of_a_group(query, code),
            Self::UserInGroup(user, code) => {
                of_a_group(query, code);
                query.push(" || ").push_bind(format!("u{user}"));
            }
        }
    }
}

/// The keys of a filter that are in a list and either archived or not: a part of an index.
struct Part<'a> {
    filter: &'a KeyFilter,
    list: List<'a>,
    archived: bool,
    /// Whether the keys that its text is found in are `few`.
    rare: bool,
    now: i64,
}

impl<'a> Part<'a> {
    fn all_of(filter: &'a KeyFilter, rare: bool) -> DbResult<Vec<Self>> {
        let now = to_millis(SystemTime::now())?;
        let list = List::of(filter);
        let archived: &[bool] = match filter.state {
            None => &[false, true],
            Some(KeyState::Archived) => &[true],
            Some(KeyState::Active | KeyState::Expired) => &[false],
        };
        let part = |&archived| Self {
            filter,
            list,
            archived,
            rare,
            now,
        };
        Ok(archived.iter().map(part).collect())
    }

    /// `api_key_listed k WHERE list = … AND archived = …`
    fn push_keys(&self, query: &mut Query) {
        query.push(match self.rare {
            true => "few CROSS JOIN api_key_listed k WHERE k.key_id = few.id AND",
            false => "api_key_listed k WHERE",
        });
        self.push_list(query);
    }

    /// ` list = … AND archived = …`
    fn push_list(&self, query: &mut Query) {
        self.list.push(query);
        query.push(" AND archived = ").push_bind(self.archived);
    }

    /// The ranges of times that the filter asks for.
    fn ranges(&self) -> DbResult<Vec<Before>> {
        let before = |column, time| Before { column, time };
        let expired = (self.filter.state == Some(KeyState::Expired)).then_some(self.now + 1);
        let expiring = self.filter.expiring_before.map(to_millis).transpose()?;
        let unused = self.filter.unused_since.map(to_millis).transpose()?;
        let ranges = [
            expired.map(|time| before("expires_at", time)),
            expiring.map(|time| before("expires_at", time)),
            unused.map(|time| before("used_at", time)),
        ];
        Ok(ranges.into_iter().flatten().collect())
    }

    /// The range with the fewest keys, if they are few and are not read in the order of the list
    /// anyway.
    async fn rarest(&self, connection: &mut Connection) -> DbResult<Option<Before>> {
        let mut rarest = (FEW + 1, None);
        for range in self.ranges()? {
            if range.column == "used_at" && self.filter.order == KeyOrder::LastUse {
                continue;
            }
            let mut query = Query::new("SELECT count(*) FROM (SELECT 1 FROM api_key_listed WHERE");
            self.push_list(&mut query);
            query
                .push(format!(" AND {} < ", range.column))
                .push_bind(range.time)
                .push(format!(" ORDER BY {} LIMIT ", range.column))
                .push_bind(rarest.0)
                .push(") AS few");
            let counted = query.build_query_scalar().persistent(false);
            let count: i64 = counted.fetch_one(&mut *connection).await?;
            if count < rarest.0 {
                rarest = (count, Some(range));
            }
        }
        Ok(rarest.1)
    }

    /// ` AND …` for each other condition that the list does not meet already.
    fn push_conditions(&self, query: &mut Query) {
        let Self { filter, now, .. } = self;
        if let Some(search) = filter.search() {
            push_search(query, &search);
        }
        if filter.state == Some(KeyState::Active) {
            query
                .push(" AND (k.expires_at IS NULL OR k.expires_at > ")
                .push_bind(*now)
                .push(")");
        }
    }

    /// ` AND …` for each range. If the keys are wanted in the order of the list, a sign keeps the
    /// database from taking an index of another one.
    fn push_ranges(&self, query: &mut Query, ordered: bool) -> DbResult<()> {
        for Before { column, time } in self.ranges()? {
            let served = column == "used_at" && self.filter.order == KeyOrder::LastUse;
            let sign = if ordered && !served { "+" } else { "" };
            query
                .push(format!(" AND {sign}k.{column} < "))
                .push_bind(time);
        }
        Ok(())
    }

    /// The first keys of a page, as a subquery.
    async fn push(&self, query: &mut Query, connection: &mut Connection) -> DbResult<()> {
        let filter = self.filter;
        // Nothing but what the index of the order has.
        query.push(match filter.order {
            KeyOrder::Name => "SELECT * FROM (SELECT k.key_id, k.name FROM ",
            KeyOrder::LastUse => "SELECT * FROM (SELECT k.key_id, k.used_at FROM ",
        });
        let range = match self.rare {
            true => None,
            false => self.rarest(connection).await?,
        };
        if let Some(range) = range {
            query.push("(SELECT key_id, name, expires_at, used_at, hint FROM api_key_listed WHERE");
            self.push_list(query);
            // So that PostgreSQL, too, knows that they are few. Some may have been added since.
            query
                .push(format!(" AND {} < ", range.column))
                .push_bind(range.time)
                .push(format!(" ORDER BY {} LIMIT ", range.column))
                .push_bind(2 * FEW)
                .push(") AS k WHERE true");
        } else {
            self.push_keys(query);
        }
        match filter.order {
            KeyOrder::Name => {
                if let Some(name) = filter.paging.after_name()? {
                    query.push(" AND k.name > ");
                    match damaged(connection, name).await? {
                        Some(key) => query
                            .push("(SELECT name FROM api_key WHERE id = ")
                            .push_bind(key.id)
                            .push(")"),
                        None => query.push_bind(name.to_owned()),
                    };
                }
            }
            KeyOrder::LastUse => {
                if let Some((at, id)) = filter.after_use()? {
                    let at = at.map(to_millis).transpose()?.unwrap_or(0);
                    query.push(" AND (k.used_at, k.key_id) > (").push_bind(at);
                    query.push(", ").push_bind(id).push(")");
                }
            }
        }
        self.push_conditions(query);
        self.push_ranges(query, true)?;
        query
            .push(format!(" ORDER BY {} LIMIT ", order_of(filter)))
            .push_bind(one_more(&filter.paging))
            .push(") AS part");
        Ok(())
    }
}

/// ` AND …` for the keys `k` that a text is found in.
fn push_search(query: &mut Query, Search { name, hint }: &Search) {
    for (begin, column, piece) in [(" AND (", "k.name", name), (" OR ", "k.hint", hint)] {
        let column = format!("lower({column} {BY_BYTES})");
        query.push(begin);
        match piece.of_beginning() {
            Some(characters) => query
                .push(format!("substr({column}, 1, {characters}) = "))
                .push_bind(piece.0.clone()),
            None => query
                .push(format!("{POSITION}({column}, "))
                .push_bind(piece.0.clone())
                .push(") > 0"),
        };
    }
    query.push(")");
}

/// The keys that an index finds a text in, up to a number. A key may be among them twice, or by an older hint
/// that it had.
fn push_found(query: &mut Query, Search { name, hint }: &Search, limit: i64) {
    let hints = "(coalesce(prefix || '_', '') || hint)";
    let fields = [
        (name, "id AS key_id FROM api_key", "name"),
        (hint, "key_id FROM api_key_secret", hints),
    ];
    query.push("SELECT key_id FROM (");
    for (index, (piece, keys, text)) in fields.into_iter().enumerate() {
        query.push(if index > 0 { " UNION ALL " } else { "" });
        match piece.of_beginning() {
            Some(characters) => {
                query.push(format!("SELECT {keys} WHERE true"));
                for length in 1..=characters {
                    query
                        .push(format!(
                            " AND substr(lower({text} {BY_BYTES}), 1, {length}) = "
                        ))
                        .push_bind(piece.0.chars().take(length).collect::<String>());
                }
            }
            None => {
                for (index, sql) in WITH_PART[index].split("{part}").enumerate() {
                    if index > 0 {
                        query.push_bind(piece.0.clone());
                    }
                    query.push(sql);
                }
            }
        }
    }
    query.push(format!(") AS found LIMIT {limit}"));
}

/// The search of a filter, if it finds few keys.
async fn rare(connection: &mut Connection, filter: &KeyFilter) -> DbResult<Option<Search>> {
    // What is empty is in all keys.
    let Some(search) = filter.search().filter(|search| !search.hint.0.is_empty()) else {
        return Ok(None);
    };
    if let Some(estimate) = ESTIMATE {
        let mut query = Query::new(estimate);
        push_search(&mut query, &search);
        let estimated = query.build_query_scalar().persistent(false);
        let estimated: i64 = estimated.fetch_one(&mut *connection).await?;
        if estimated > 2 * FEW_FOUND {
            return Ok(None);
        }
    }
    let mut query = Query::new("SELECT count(*) FROM (");
    push_found(&mut query, &search, FEW_FOUND + 1);
    query.push(") AS few");
    let counted = query.build_query_scalar().persistent(false);
    let count: i64 = counted.fetch_one(connection).await?;
    Ok((count <= FEW_FOUND).then_some(search))
}

/// `WITH few …`, so that PostgreSQL, too, knows that they are few.
fn push_rare(query: &mut Query, search: &Search) {
    query.push("WITH few (id) AS MATERIALIZED (SELECT DISTINCT key_id FROM (");
    push_found(query, search, 2 * FEW_FOUND);
    query.push(") AS found) ");
}

/// The columns of `api_key_listed` that a list is in the order of.
fn order_of(filter: &KeyFilter) -> &'static str {
    match filter.order {
        KeyOrder::Name => "name",
        KeyOrder::LastUse => "used_at, key_id",
    }
}

/// Whether a filter asks for a character that no text in a database has.
fn selects_none(filter: &KeyFilter) -> bool {
    let KeyFilter {
        text, user, group, ..
    } = filter;
    let mut texts = [text, user, group].into_iter().flatten();
    texts.any(|text| text.contains('\0'))
}

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
    let rare = rare(connection, filter).await?;
    let parts = Part::all_of(filter, rare.is_some())?;
    let mut query = select_keys();
    query.push("WHERE k.id IN (");
    if let Some(search) = &rare {
        push_rare(&mut query, search);
    }
    query.push("SELECT key_id FROM (");
    for (index, part) in parts.iter().enumerate() {
        query.push(if index > 0 { " UNION ALL " } else { "" });
        part.push(&mut query, connection).await?;
    }
    query
        .push(format!(") AS parts ORDER BY {} LIMIT ", order_of(filter)))
        .push_bind(one_more(&filter.paging))
        .push(match filter.order {
            KeyOrder::Name => ") ORDER BY k.name",
            KeyOrder::LastUse => ") ORDER BY used_at, k.id",
        });
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
    let rare = rare(connection, filter).await?;
    let mut query = Query::new("");
    if let Some(search) = &rare {
        push_rare(&mut query, search);
    }
    query.push("SELECT 0");
    for part in Part::all_of(filter, rare.is_some())? {
        query.push(" + (SELECT count(*) FROM ");
        part.push_keys(&mut query);
        part.push_conditions(&mut query);
        part.push_ranges(&mut query, false)?;
        query.push(")");
    }
    let counted = query.build_query_scalar().persistent(false);
    let count: i64 = counted.fetch_one(connection).await?;
    Ok(count.unsigned_abs())
}

pub(super) async fn groups(connection: &mut Connection, paging: &Paging) -> DbResult<Page<Group>> {
    let mut query = Query::new(
        "SELECT code, name,
                (SELECT count(*) FROM (SELECT 1 AS one FROM api_key_group_member
                                       WHERE group_id = g.id LIMIT 1001) AS first) AS keys
         FROM api_key_group g ",
    );
    push_paging(&mut query, "code", paging)?;
    let group = |row: Row| -> sqlx::Result<Group> {
        let keys: i64 = row.try_get("keys")?;
        let (code, name) = (text(&row, "code")?, text(&row, "name")?);
        Ok(Group::new(code, name, keys.unsigned_abs()))
    };
    let groups = query.build().try_map(group).fetch_all(connection).await?;
    Ok(Page::cut(groups, paging.size, |group| {
        Cursor::Name(group.code.clone())
    }))
}

pub(super) async fn users(connection: &mut Connection, paging: &Paging) -> DbResult<Page<User>> {
    let mut query = Query::new(
        "SELECT id, active,
                (SELECT count(*) FROM (SELECT 1 AS one FROM api_key
                                       WHERE user_id = u.id LIMIT 1001) AS first) AS keys
         FROM api_key_user u ",
    );
    push_paging(&mut query, "id", paging)?;
    let user = |row: Row| -> sqlx::Result<User> {
        let keys: i64 = row.try_get("keys")?;
        let (id, active) = (text(&row, "id")?, row.try_get("active")?);
        Ok(User::new(id, active, keys.unsigned_abs()))
    };
    let users = query.build().try_map(user).fetch_all(connection).await?;
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
