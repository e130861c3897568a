//! Lists of keys, groups and users, a page at a time.

use std::time::SystemTime;

use sqlx::Row as _;

use super::{
    super::{BY_BYTES, IN_ANY_ORDER, IN_ORDER, POSITION, WITH_PARTS, rare_parts},
    read::{self, Connection, Query, Row, damaged, push_list, select_keys, text},
};
use crate::{
    key::{
        Cursor, Group, KeyFilter, KeyOrder, KeyRecord, KeyState, Page, Paging, Piece, Search, User,
        to_millis,
    },
    store::error::DbResult,
};

/// How many keys of a list a page looks at.
const WINDOW: i64 = 2_500;

/// How many keys before a time are sorted for a page.
const FEW: i64 = 2_500;

/// How many keys have a part of a text that an index is asked for.
const FEW_WITH_PART: i64 = 10_000;

/// How many keys with a text are sorted for a page.
const FEW_FOUND: i64 = 2_000;

/// A range of times by which an index finds keys of a list: those before `time`.
#[derive(Clone, Copy)]
struct Before {
    column: &'static str,
    time: i64,
}

impl Before {
    /// ` column < …`
    fn push(self, query: &mut Query) {
        query
            .push(format!(" {} < ", self.column))
            .push_bind(self.time);
    }
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

/// What comes before a page.
enum After {
    Nothing,
    Name(String),
    /// The name of the key with this number, which cannot be read.
    NameOf(i64),
    Use(i64, i64),
}

/// What a filter asks of the lists.
struct Asked<'a> {
    filter: &'a KeyFilter,
    list: List<'a>,
    archived: &'static [bool],
    now: i64,
}

impl<'a> Asked<'a> {
    fn by(filter: &'a KeyFilter) -> DbResult<Self> {
        Ok(Self {
            filter,
            list: List::of(filter),
            archived: match filter.state {
                None => &[false, true],
                Some(KeyState::Archived) => &[true],
                Some(KeyState::Active | KeyState::Expired) => &[false],
            },
            now: to_millis(SystemTime::now())?,
        })
    }

    /// The columns of `api_key_listed` by which the list is ordered.
    fn order(&self) -> &'static str {
        match self.filter.order {
            KeyOrder::Name => "name",
            KeyOrder::LastUse => "used_at, key_id",
        }
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

    /// Whether the list is in the order of this range.
    fn is_ordered_by(&self, range: Before) -> bool {
        range.column == "used_at" && self.filter.order == KeyOrder::LastUse
    }

    /// The parts of the list, archived and not, each in an order, with a condition: ` AND …`. The order
    /// makes PostgreSQL take the index of it.
    fn push_parts(
        &self,
        query: &mut Query,
        order: &str,
        at_most: Option<i64>,
        condition: impl Fn(&mut Query),
    ) {
        for (part, archived) in self.archived.iter().enumerate() {
            query.push(if part > 0 { " UNION ALL " } else { "" }).push(
                "SELECT * FROM (SELECT key_id, name, expires_at, used_at, hint
                     FROM api_key_listed WHERE",
            );
            self.list.push(query);
            query.push(" AND archived = ").push_bind(*archived);
            condition(query);
            query.push(format!(" ORDER BY {order}"));
            if let Some(number) = at_most {
                query.push(format!(" LIMIT {number}"));
            }
            query.push(format!(") AS part_{part}"));
        }
    }

    /// ` AND …` for what follows a place.
    fn push_after(&self, query: &mut Query, after: &After) {
        match after {
            After::Nothing => {}
            After::Name(name) => {
                query.push(" AND name > ").push_bind(name.clone());
            }
            After::NameOf(id) => {
                query
                    .push(" AND name > (SELECT name FROM api_key WHERE id = ")
                    .push_bind(*id)
                    .push(")");
            }
            After::Use(at, id) => {
                query
                    .push(" AND (used_at, key_id) > (")
                    .push_bind(*at)
                    .push(", ")
                    .push_bind(*id)
                    .push(")");
            }
        }
    }

    /// The next keys of the list, in its order, as `k`.
    fn push_window(&self, query: &mut Query, after: &After) -> DbResult<()> {
        let ranges = self.ranges()?;
        query.push("(SELECT * FROM (");
        self.push_parts(query, self.order(), None, |query| {
            self.push_after(query, after);
            for range in ranges.iter().filter(|range| self.is_ordered_by(**range)) {
                query.push(" AND");
                range.push(query);
            }
        });
        query.push(format!(
            " ORDER BY {}) AS listed LIMIT {WINDOW}) AS k",
            self.order()
        ));
        Ok(())
    }

    /// ` AND …` for each condition that the list does not meet already.
    fn push_conditions(&self, query: &mut Query) -> DbResult<()> {
        if let Some(search) = self.filter.searched() {
            push_search(query, &search);
        }
        if self.filter.state == Some(KeyState::Active) {
            query
                .push(" AND (expires_at IS NULL OR expires_at > ")
                .push_bind(self.now)
                .push(")");
        }
        for range in self.ranges()? {
            query.push(" AND");
            range.push(query);
        }
        Ok(())
    }

    /// ` list = … AND archived IN (…)`
    fn push_list(&self, query: &mut Query) {
        self.list.push(query);
        query.push(" AND archived IN ");
        push_list(query, self.archived.iter().copied());
    }

    /// Those of some keys that are in the list, as `k`. Their ids are written into the statement, so that a planner
    /// sees how few they are.
    fn push_few(&self, query: &mut Query, ids: &[i64]) {
        query.push("(SELECT column1 AS id FROM (VALUES ");
        let mut values = query.separated(", ");
        for id in ids {
            values.push(format_args!("({id})"));
        }
        query.push(") AS v) AS few CROSS JOIN api_key_listed k WHERE key_id = few.id AND");
        self.push_list(query);
    }

    /// A range with few keys of the list, unless the list is in the order of the range.
    async fn few_before(&self, connection: &mut Connection) -> DbResult<Option<Before>> {
        for range in self.ranges()? {
            if self.is_ordered_by(range) {
                continue;
            }
            let mut query = Query::new("SELECT count(*) FROM (");
            self.push_parts(&mut query, range.column, Some(FEW + 1), |query| {
                query.push(" AND");
                range.push(query);
            });
            query.push(") AS few");
            let counted = query.build_query_scalar().persistent(false);
            let count: i64 = counted.fetch_one(&mut *connection).await?;
            if count <= FEW {
                return Ok(Some(range));
            }
        }
        Ok(None)
    }

    async fn after(&self, connection: &mut Connection) -> DbResult<After> {
        match self.filter.order {
            KeyOrder::Name => match self.filter.paging.after_name()? {
                None => Ok(After::Nothing),
                Some(name) => Ok(match damaged(connection, name).await? {
                    Some(key) => After::NameOf(key.id),
                    None => After::Name(name.to_owned()),
                }),
            },
            KeyOrder::LastUse => match self.filter.after_use()? {
                None => Ok(After::Nothing),
                Some((at, id)) => {
                    let at = at.map(to_millis).transpose()?.unwrap_or(0);
                    Ok(After::Use(at, id))
                }
            },
        }
    }

    /// The first keys of the page, up to one more than it has. And the last key that was looked at, if the
    /// list goes on after it and the page is not full.
    async fn find(&self, connection: &mut Connection) -> DbResult<(Vec<i64>, Option<i64>)> {
        let after = self.after(connection).await?;
        if let Some(few) = few_with_text(connection, self.filter).await? {
            if few.is_empty() {
                return Ok((few, None));
            }
            let mut query = Query::new("SELECT key_id FROM ");
            self.push_few(&mut query, &few);
            self.push_after(&mut query, &after);
            self.push_conditions(&mut query)?;
            query.push(format!(" ORDER BY {}", self.order()));
            return Ok((self.fetch(connection, query).await?, None));
        }
        execute(connection, IN_ORDER).await?;
        let found = self.find_in_order(connection, &after).await?;
        execute(connection, IN_ANY_ORDER).await?;
        Ok(found)
    }

    async fn find_in_order(
        &self,
        connection: &mut Connection,
        after: &After,
    ) -> DbResult<(Vec<i64>, Option<i64>)> {
        let mut query = Query::new("SELECT key_id FROM ");
        if let Some(range) = self.few_before(connection).await? {
            query.push("(");
            self.push_parts(&mut query, range.column, Some(FEW), |query| {
                query.push(" AND");
                range.push(query);
            });
            query.push(") AS k WHERE true");
            self.push_after(&mut query, after);
            self.push_conditions(&mut query)?;
            query.push(format!(" ORDER BY {}", self.order()));
            return Ok((self.fetch(connection, query).await?, None));
        }
        // The window is in its order already; SQLite would look at all of its keys to sort them.
        self.push_window(&mut query, after)?;
        query.push(" WHERE true");
        self.push_conditions(&mut query)?;
        let found = self.fetch(connection, query).await?;
        if found.len() > self.filter.paging.size {
            return Ok((found, None));
        }
        let mut query = Query::new("SELECT key_id FROM ");
        self.push_window(&mut query, after)?;
        query.push(format!(" LIMIT 1 OFFSET {}", WINDOW - 1));
        let last = query.build_query_scalar().persistent(false);
        Ok((found, last.fetch_optional(connection).await?))
    }

    /// One more than a page has is read, to know whether there is another.
    async fn fetch(&self, connection: &mut Connection, mut query: Query) -> DbResult<Vec<i64>> {
        query.push(format!(" LIMIT {}", self.filter.paging.size + 1));
        // Planned for these values, and not for any.
        let found = query.build_query_scalar().persistent(false);
        Ok(found.fetch_all(connection).await?)
    }
}

async fn execute(connection: &mut Connection, statements: &[&'static str]) -> DbResult<()> {
    for statement in statements {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// How an index finds keys with a text in their names, or in their hints.
#[derive(Clone, PartialEq, Eq)]
enum Found {
    /// By one or two characters at the beginning.
    Beginning(String),
    /// By parts of the text.
    Parts(String),
}

impl Found {
    /// `None` if each part of it is in many keys.
    async fn by(connection: &mut Connection, piece: &Piece) -> DbResult<Option<Self>> {
        Ok(match piece.prefix_length() {
            Some(_) => Some(Self::Beginning(piece.0.clone())),
            None => rare_parts(connection, piece, FEW_WITH_PART, FEW_FOUND)
                .await?
                .map(Self::Parts),
        })
    }
}

/// ` AND …` for the keys `k` whose name or hint has a text.
fn push_search(query: &mut Query, Search { name, hint }: &Search) {
    for (begin, column, piece) in [(" AND (", "k.name", name), (" OR ", "k.hint", hint)] {
        let column = format!("lower({column} {BY_BYTES})");
        query.push(begin);
        match piece.prefix_length() {
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

/// The keys whose name or hint has a text, up to one more than few. A key may come twice, or by an older hint.
fn push_found(query: &mut Query, found: &[Found; 2]) {
    let hints = "(coalesce(prefix || '_', '') || hint)";
    let fields = [
        ("id AS key_id FROM api_key", "name"),
        ("key_id FROM api_key_secret", hints),
    ];
    query.push("SELECT key_id FROM (");
    for (index, (keys, text)) in fields.into_iter().enumerate() {
        match &found[index] {
            Found::Beginning(piece) => {
                query
                    .push(if index > 0 { " UNION ALL " } else { "" })
                    .push(format!("SELECT {keys} WHERE true"));
                for length in 1..=piece.chars().count() {
                    query
                        .push(format!(
                            " AND substr(lower({text} {BY_BYTES}), 1, {length}) = "
                        ))
                        .push_bind(piece.chars().take(length).collect::<String>());
                }
            }
            // One index may have both.
            Found::Parts(_)
                if index > 0 && found[0] == found[1] && WITH_PARTS[0] == WITH_PARTS[1] => {}
            Found::Parts(parts) => {
                query.push(if index > 0 { " UNION ALL " } else { "" });
                for (index, sql) in WITH_PARTS[index].split("{parts}").enumerate() {
                    if index > 0 {
                        query.push_bind(parts.clone());
                    }
                    query.push(sql);
                }
            }
        }
    }
    query.push(format!(") AS found LIMIT {}", FEW_FOUND + 1));
}

/// The keys with the text of a filter, or an older hint with it, if an index reads little and finds few.
async fn few_with_text(
    connection: &mut Connection,
    filter: &KeyFilter,
) -> DbResult<Option<Vec<i64>>> {
    // All keys have an empty text.
    let Some(Search { name, hint }) = filter.searched().filter(|search| !search.hint.0.is_empty())
    else {
        return Ok(None);
    };
    let in_name = Found::by(connection, &name).await?;
    let in_hint = match name.0 == hint.0 {
        true => in_name.clone(),
        false => Found::by(connection, &hint).await?,
    };
    let Some(found) = in_name.zip(in_hint).map(<[Found; 2]>::from) else {
        return Ok(None);
    };
    let mut query = Query::new("");
    push_found(&mut query, &found);
    let ids = query.build_query_scalar().persistent(false);
    let mut ids: Vec<i64> = ids.fetch_all(connection).await?;
    let are_few = ids.len() as i64 <= FEW_FOUND;
    ids.sort_unstable();
    ids.dedup();
    Ok(are_few.then_some(ids))
}

/// Whether a filter asks for a character that no text of the database can have.
fn selects_none(filter: &KeyFilter) -> bool {
    let KeyFilter {
        part, user, group, ..
    } = filter;
    let mut texts = [part, user, group].into_iter().flatten();
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
    let none = || Page::cut(Vec::new(), 0, |key| filter.cursor(key));
    if selects_none(filter) {
        return Ok(none());
    }
    let asked = Asked::by(filter)?;
    let (found, last) = asked.find(connection).await?;
    if found.is_empty() && last.is_none() {
        return Ok(none());
    }
    let mut query = select_keys();
    query.push("WHERE k.id IN ");
    push_list(&mut query, found.iter().chain(&last).copied());
    query.push(match filter.order {
        KeyOrder::Name => " ORDER BY k.name",
        KeyOrder::LastUse => " ORDER BY used_at, k.id",
    });
    let records = query.build_query_as().persistent(false);
    let records: Vec<read::Found> = records.fetch_all(connection).await?;
    let mut records: Vec<_> = records.into_iter().map(|found| found.0).collect();
    let Some(last) = last else {
        return Ok(Page::cut(records, filter.paging.size, |key| {
            filter.cursor(key)
        }));
    };
    let next = records.iter().find(|key| key.id == last);
    let next = next.map(|key| filter.cursor(key));
    records.retain(|key| found.contains(&key.id));
    Ok(Page {
        items: records,
        next,
    })
}

pub(super) async fn count(connection: &mut Connection, filter: &KeyFilter) -> DbResult<u64> {
    if selects_none(filter) {
        return Ok(0);
    }
    let asked = Asked::by(filter)?;
    let mut query = Query::new("SELECT count(*) FROM ");
    match few_with_text(connection, filter).await? {
        Some(few) if few.is_empty() => return Ok(0),
        Some(few) => asked.push_few(&mut query, &few),
        None => {
            query.push("api_key_listed k WHERE");
            asked.push_list(&mut query);
        }
    }
    asked.push_conditions(&mut query)?;
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
