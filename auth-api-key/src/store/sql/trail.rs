//! The trail, and what else is known of a database as a whole.

use std::time::{Duration, SystemTime};

use serde_json::json;
use sqlx::{Row as _, types::Json};

use super::{
    super::BY_HAND,
    read::{Connection, Query, Row, text},
};
use crate::{
    error::InputError,
    key::{Cursor, Page, TrailEvent, TrailFilter, from_millis, to_millis},
    store::{error::DbResult, key_store::ChangesByHand},
};

/// How many events are deleted at a time.
const PART: i64 = 10_000;
/// For how long no use of any key may be recorded.
const GAP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

const SELECT: &str = "\
    SELECT id, at, actor, session, action, key_id, key_name, hint, group_code, user_id, changed
    FROM api_key_event WHERE ";

pub(super) async fn trail(
    connection: &mut Connection,
    filter: &TrailFilter,
) -> DbResult<Page<TrailEvent>> {
    let after = match &filter.paging.after {
        None => None,
        Some(Cursor::Event(id)) => Some(*id),
        Some(other) => {
            let cursor = other.to_string();
            return Err(InputError::UnusableCursor { cursor }.into());
        }
    };
    let mut query = Query::new(SELECT);
    // The indexes of a key, an actor and an action are ordered by `-id`; only the primary key is ordered by `id`.
    let of_all = filter.key.is_none() && filter.actor.is_none() && filter.action.is_none();
    let (place, ascending) = match of_all {
        true => ("id", filter.oldest_first),
        false => ("-id", !filter.oldest_first),
    };
    let (follows, order) = if ascending {
        (" > ", "")
    } else {
        (" < ", " DESC")
    };
    let start = if filter.oldest_first {
        -i64::MAX
    } else {
        i64::MAX
    };
    let after = after
        .unwrap_or(start)
        .saturating_mul(if place == "id" { 1 } else { -1 });
    query.push(place).push(follows).push_bind(after);
    let empty = || Ok(Page::cut(Vec::new(), 1, |_| Cursor::Event(0)));
    if let Some(name) = &filter.key {
        match key_named(connection, name).await? {
            Some(id) => query.push(" AND key_id = ").push_bind(id),
            None => return empty(),
        };
    }
    let columns = [("actor", &filter.actor), ("action", &filter.action)];
    for (column, value) in columns {
        let Some(value) = value else { continue };
        // PostgreSQL takes no such text.
        if value.contains('\0') {
            return empty();
        }
        query
            .push(format_args!(" AND {column} = "))
            .push_bind(value);
    }
    if let (true, Some(since)) = (filter.oldest_first, filter.since) {
        query.push(" AND at >= ").push_bind(to_millis(since)?);
    }
    let size = filter.paging.size;
    query.push(format_args!(" ORDER BY {place}{order} LIMIT "));
    query.push_bind(size as i64 + 1);
    let rows = query.build().fetch_all(connection).await?;
    let mut events = rows.iter().map(event).collect::<DbResult<Vec<_>>>()?;
    // The newest come first. As a condition of the query, this would scan to the end of the trail.
    if let Some(since) = filter.since {
        let due = events.iter().take_while(|event| event.at >= since).count();
        events.truncate(due);
    }
    Ok(Page::cut(events, size, |event| Cursor::Event(event.id)))
}

/// As [`KeyStore::changes_by_hand`](crate::store::KeyStore::changes_by_hand).
pub(super) async fn changes_by_hand(
    connection: &mut Connection,
    after: Option<i64>,
    at_most: usize,
) -> DbResult<ChangesByHand> {
    let newest = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM api_key_event");
    let newest = newest.fetch_one(&mut *connection).await?;
    let Some(after) = after else {
        return Ok(ChangesByHand {
            events: Vec::new(),
            are_all: true,
            newest,
        });
    };
    let mut query = Query::new(SELECT);
    query.push("id > ").push_bind(after);
    // What comes between the two statements is for the next call.
    query.push(" AND id <= ").push_bind(newest);
    query.push(format_args!(
        " AND {BY_HAND} ORDER BY id LIMIT {}",
        at_most + 1
    ));
    let rows = query.build().fetch_all(connection).await?;
    let mut events = rows.iter().map(event).collect::<DbResult<Vec<_>>>()?;
    let are_all = events.len() <= at_most;
    events.truncate(at_most);
    Ok(ChangesByHand {
        events,
        are_all,
        newest,
    })
}

/// The number of the key that has a name, or had it last.
async fn key_named(connection: &mut Connection, name: &str) -> DbResult<Option<i64>> {
    // PostgreSQL takes no such text.
    if name.contains('\0') {
        return Ok(None);
    }
    let named = sqlx::query_scalar(
        "SELECT coalesce((SELECT id FROM api_key WHERE name = $1),
                         (SELECT key_id FROM (SELECT key_id, key_name FROM api_key_event
                              WHERE substr(key_name, 1, 250) = substr($1, 1, 250)
                              ORDER BY -id LIMIT 1) AS newest
                          WHERE key_name = $1))",
    );
    Ok(named.bind(name).fetch_one(connection).await?)
}

fn event(row: &Row) -> DbResult<TrailEvent> {
    // What was changed by hand in SQLite need not be UTF-8.
    let read = |column| match row.try_get(column) {
        Err(_) => text(row, column).map(Some),
        read => read,
    };
    let changed = match row.try_get("changed") {
        Ok(Json(changed)) => changed,
        Err(_) => serde_json::from_str(&text(row, "changed")?).unwrap_or_default(),
    };
    let at = from_millis(row.try_get("at")?);
    let action: String = row.try_get("action")?;
    let mut event = TrailEvent::new(row.try_get("id")?, at, action);
    event.actor = read("actor")?;
    event.session_user = read("session")?;
    event.key_id = row.try_get("key_id")?;
    event.key_name = read("key_name")?;
    event.hint = read("hint")?;
    event.group = read("group_code")?;
    event.user = read("user_id")?;
    event.changed = changed;
    Ok(event.readable())
}

/// Deletes a part of the events from before a time, and adds their number. True if there may be more. The
/// last part leaves an event.
pub(super) async fn prune(
    connection: &mut Connection,
    before: i64,
    pruned: &mut u64,
    actor: Option<&str>,
) -> DbResult<bool> {
    let delete = "DELETE FROM api_key_event WHERE id IN
                  (SELECT id FROM api_key_event WHERE at < $1 ORDER BY id LIMIT $2)";
    let deleted = sqlx::query(delete).bind(before).bind(PART);
    let deleted = deleted.execute(&mut *connection).await?.rows_affected();
    *pruned += deleted;
    if deleted == PART.unsigned_abs() {
        return Ok(true);
    }
    if *pruned > 0 {
        let changed = json!({"events": {"removed": *pruned}, "before": {"to": before}});
        sqlx::query("INSERT INTO api_key_event (actor, action, changed) VALUES ($1, 'pruned', $2)")
            .bind(actor)
            .bind(Json(changed))
            .execute(connection)
            .await?;
    }
    Ok(false)
}

/// As [`KeyStore::uses_recorded_since`](crate::store::KeyStore::uses_recorded_since).
pub(super) async fn recorded_since(connection: &mut Connection) -> DbResult<Option<SystemTime>> {
    let recorded = sqlx::query_as("SELECT since, last_at FROM api_key_recording");
    let recorded: Option<(i64, i64)> = recorded.fetch_optional(connection).await?;
    Ok(recorded
        .filter(|(_, last_at)| from_millis(*last_at) + GAP >= SystemTime::now())
        .map(|(since, _)| from_millis(since)))
}
