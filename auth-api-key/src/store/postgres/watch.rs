//! How a node hears of what others change in PostgreSQL.
//!
//! Announcements are hints: any role of a database may send some, on any channel. What counts is the state
//! of the keys, which a node asks for whenever one comes, and once a second; announcements only say which
//! keys a new state concerns.

use std::{
    collections::{BTreeSet, HashSet},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use sqlx::{PgExecutor, postgres::PgListener};
use tokio::time::timeout_at;

use super::repair_triggers::ChangedDefinitions;
use crate::{
    error::{Error, OpenError},
    store::{
        error::{DbResult, boxed},
        lookup::{Changed, News, Watch},
    },
};

/// How long to wait at least between two questions, when a change is announced.
const SOON: Duration = Duration::from_millis(20);
/// The same, if the announcement follows from nothing known.
const RARELY: Duration = Duration::from_millis(250);
/// How long an announcement may arrive after the state that it announces.
const LATE: Duration = Duration::from_millis(50);
/// How many announcements are looked at after that.
const AT_ONCE: usize = 10_000;
/// How many announcements are remembered: if there are more, any key may have been changed.
const MANY: usize = 200;

/// One connection that listens, and asks.
pub(super) struct Listening {
    listener: PgListener,
    tables: Tables,
    /// Whether an unreadable announcement was logged.
    reported: bool,
    /// The state that all news until now have led to.
    known: String,
    /// Announcements that lead on from it, in the order in which they came.
    heard: Vec<Announcement>,
    /// The state that was found, and when it was asked for, until it is clear which keys it concerns.
    found: Option<(String, Instant)>,
    confirmed: Option<Instant>,
    poll: Duration,
    asked: Instant,
    ask_at: Instant,
}

/// What the function `api_key_move` says: `11:token,12:token 7,9`.
#[derive(Debug, PartialEq, Eq)]
struct Announcement {
    before: String,
    after: String,
    /// `None`: any key.
    keys: Option<Vec<i64>>,
}

impl Announcement {
    fn read(payload: &str) -> Option<Self> {
        let mut words = payload.split(' ');
        let (before, after) = words.next()?.split_once(',')?;
        let keys = words.next()?.split(',').filter(|key| !key.is_empty());
        Some(Self {
            before: before.to_owned(),
            after: after.to_owned(),
            keys: keys.map(|key| key.parse().ok()).collect(),
        })
    }
}

/// The state of the keys, which is a generation and its token; what changes when tables, triggers or functions are made
/// or altered; and the newest migration.
const ASKED: &str = "\
    WITH functions AS (
        SELECT f.oid, f.xmin FROM pg_proc f JOIN pg_class c ON relnamespace = pronamespace
        WHERE c.oid = to_regclass('api_key_generation') AND proname LIKE 'api\\_key\\_%'
    ), found AS (
        SELECT concat_ws(' ', oid, xmin) AS version FROM functions
        UNION ALL SELECT concat_ws(' ', t.oid, t.xmin) FROM pg_trigger t JOIN functions f ON tgfoid = f.oid
    )
    SELECT value || ':' || token, tableoid::bigint,
        (SELECT md5(string_agg(version, ',' ORDER BY version)) FROM found),
        (SELECT max(version) FROM _auth_api_key_migrations)
    FROM api_key_generation";

struct Asked {
    state: String,
    tables: Tables,
}

/// If this differs, the watch ends.
#[derive(PartialEq, Eq)]
struct Tables {
    /// The number of the table of the generation, by which the channel is called.
    number: i64,
    triggers: String,
    migrated: i64,
}

async fn ask(connection: impl PgExecutor<'_>) -> DbResult<Asked> {
    let asked = sqlx::query_as(ASKED).fetch_one(connection);
    let (state, number, triggers, migrated) = asked.await?;
    let tables = Tables {
        number,
        triggers,
        migrated,
    };
    Ok(Asked { state, tables })
}

impl Listening {
    pub(super) async fn begin(mut listener: PgListener, poll: Duration) -> DbResult<Self> {
        // In this order: if one is replaced between the two, the next question sees it.
        let Asked { tables, .. } = ask(&mut listener).await?;
        let changed = ChangedDefinitions::find(&mut listener).await?;
        if let Some(trigger) = changed.announcing() {
            let trigger = trigger.to_owned();
            return Err(OpenError::ChangedTrigger { trigger }.into());
        }
        changed.report();
        // As in the function `api_key_move`.
        listener
            .listen(&format!("api_key_{}", tables.number))
            .await?;
        let mut listening = Self {
            known: String::new(),
            tables,
            reported: false,
            listener,
            heard: Vec::new(),
            found: None,
            confirmed: None,
            poll,
            asked: Instant::now(),
            ask_at: Instant::now(),
        };
        listening.known = listening.state().await?;
        Ok(listening)
    }

    /// The state now, if no tables or triggers were changed since the watch began.
    async fn state(&mut self) -> DbResult<String> {
        self.asked = Instant::now();
        self.ask_at = self.asked + self.poll;
        let Asked { state, tables } = ask(&mut self.listener).await?;
        match tables == self.tables {
            true => Ok(state),
            false => Err(Error::store("the tables or their triggers were changed").into()),
        }
    }

    fn hear(&mut self, payload: &str) {
        let announcement = Announcement::read(payload);
        if announcement.is_none() && !self.reported {
            self.reported = true;
            let channel = self.tables.number;
            tracing::warn!(
                "a message on the channel `api_key_{channel}` is not an announcement of a change: such \
                 messages make this node ask the database more often"
            );
        }
        if announcement
            .as_ref()
            .is_some_and(|said| said.after == self.known)
        {
            return;
        }
        let leads_on = |said: &Announcement| {
            said.before == self.known || self.heard.iter().any(|other| other.after == said.before)
        };
        let announcement = announcement.filter(leads_on);
        let wait = if announcement.is_some() { SOON } else { RARELY };
        self.ask_at = self.ask_at.min(self.asked + wait);
        if self.heard.len() < MANY {
            self.heard.extend(announcement);
        }
    }

    async fn ask(&mut self) -> DbResult<()> {
        let state = self.state().await?;
        if state == self.known {
            // The state has not changed, so whatever was announced before the question was forged.
            self.heard.clear();
            self.confirmed = Some(self.asked);
        } else {
            self.found = Some((state, self.asked));
        }
        Ok(())
    }

    /// What was changed between the known state and another one. `None` if announcements do not lead there.
    ///
    /// Nobody can announce a state before it exists, and the true announcement comes first. So a forged one
    /// can only add keys.
    fn changed(&self, state: &str) -> Option<Changed> {
        let mut leads_there = HashSet::from([state]);
        let mut keys = Some(BTreeSet::new());
        for said in self.heard.iter().rev() {
            if leads_there.contains(&*said.after) {
                leads_there.insert(&said.before);
                keys = keys.zip(said.keys.as_ref()).map(|(mut keys, more)| {
                    keys.extend(more);
                    keys
                });
            }
        }
        leads_there.contains(&*self.known).then(|| {
            keys.map_or(Changed::All, |keys: BTreeSet<i64>| {
                Changed::Keys(keys.into_iter().collect())
            })
        })
    }

    /// Waits for an announcement. False if none has come.
    async fn receive(&mut self, until: Instant) -> DbResult<bool> {
        let Ok(received) = timeout_at(until.into(), self.listener.try_recv()).await else {
            return Ok(false);
        };
        let received = received?.ok_or_else(|| Error::store("the connection is lost"))?;
        self.hear(received.payload());
        Ok(true)
    }

    /// Goes on from a state that was found, once it is clear which keys it concerns.
    async fn follow(&mut self, state: String, asked: Instant) -> DbResult<News> {
        let mut left = AT_ONCE;
        let changed = loop {
            if let Some(changed) = self.changed(&state) {
                break changed;
            }
            // Reads all that has come in time, but not without end.
            let late = asked + LATE <= Instant::now();
            left -= usize::from(late);
            if left == 0 || !self.receive(asked + LATE).await? && late {
                break Changed::All;
            }
        };
        let led_there = self.heard.iter().rposition(|said| said.after == state);
        let past = led_there.map_or(self.heard.len(), |last| last + 1);
        self.heard.drain(..past);
        if !self.heard.is_empty() {
            self.ask_at = asked + SOON;
        }
        self.known = state;
        self.confirmed = Some(asked);
        Ok(News::Changed(changed))
    }
}

impl Watch for Listening {
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>> {
        boxed(async move {
            loop {
                if let Some(asked) = self.confirmed.take() {
                    return Ok(News::Confirmed(asked));
                }
                if let Some((state, asked)) = self.found.take() {
                    return self.follow(state, asked).await;
                }
                // Asks on time, even if announcements never end.
                match self.ask_at <= Instant::now() {
                    true => self.ask().await?,
                    false => drop(self.receive(self.ask_at).await?),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcement_says_from_which_state_to_which_and_the_keys_between() {
        let read =
            |payload| Announcement::read(payload).map(|said| (said.before, said.after, said.keys));
        let link = |keys| Some(("11:a".to_owned(), "12:b".to_owned(), keys));
        assert_eq!(read("11:a,12:b 7,9"), link(Some(vec![7, 9])));
        assert_eq!(read("11:a,12:b "), link(Some(vec![])));
        assert_eq!(read("11:a,12:b all"), link(None));
        assert_eq!(read("11:a,12:b 7,?"), link(None));
        assert_eq!(read("11:a,12:b 7 of a later version"), link(Some(vec![7])));
        for unreadable in ["", "all", "1 all", "12:b"] {
            assert_eq!(read(unreadable), None, "{unreadable}");
        }
    }
}
