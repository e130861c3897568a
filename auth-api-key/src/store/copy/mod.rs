//! Copying keys from one database to another: its own tables are compared, page by page, and what the
//! target lacks, or has otherwise, is written. So what was copied before, up to where it was broken off,
//! costs a comparison alone, and so does what has not changed meanwhile.

mod end;
mod tables;

use self::{
    end::Mark,
    tables::{TABLES, Table, same},
};
pub(super) use self::{
    end::{Connected, Dialect, End, Work},
    tables::{Row, Type, Value},
};
#[cfg(feature = "postgres")]
use super::PostgresStore;
#[cfg(feature = "sqlite")]
use super::SqliteStore;
use super::{
    address::{address, scheme, unsupported},
    fault::DbResult,
    migrations::NEWEST,
};
use crate::error::{Error, OpenError};

/// How many rows are compared, and written in one transaction.
const BATCH: usize = 1000;
/// How often it is looked what has changed meanwhile. A source that changes all the time is left behind.
const PASSES: u32 = 10;

/// How far a copy is.
#[derive(Clone, Copy, Debug)]
pub struct CopyProgress {
    /// How many rows of the source there are.
    pub rows: u64,
    /// How many of them have been compared and copied.
    pub done: u64,
    /// Whether all were copied before, and it is looked what has changed meanwhile.
    pub catching_up: bool,
}

/// Copies all keys of the database at one address to that at another, as the command `copy` does it. With
/// `hand_over`, the source refuses all its keys once the target has them. Gives their number.
pub async fn copy(
    from: &str,
    to: &str,
    hand_over: bool,
    progress: impl FnMut(CopyProgress) + Send,
) -> Result<u64, Error> {
    let from = open(from, false).await?;
    let mut source = from.reading().await?;
    require_known_schema(&mut source).await?;
    source.end().await?;
    let to = open(to, true).await?;
    let mut copying = Copying::begin(&*from, &*to, hand_over, progress).await?;
    if let Some(copying) = &mut copying {
        copying.all(hand_over).await?;
    }
    let mut target = to.reading().await?;
    require_known_schema(&mut target).await?;
    Ok(target
        .number("SELECT count(*) FROM api_key")
        .await?
        .unsigned_abs())
}

async fn open(url: &str, make: bool) -> Result<Box<dyn End>, Error> {
    let url = address(url)?;
    Ok(match (scheme(&url), make) {
        #[cfg(feature = "sqlite")]
        ("sqlite", true) => Box::new(SqliteStore::open(&url).await?),
        #[cfg(feature = "sqlite")]
        ("sqlite", false) => Box::new(SqliteStore::open_existing(&url).await?),
        #[cfg(feature = "postgres")]
        ("postgres" | "postgresql", true) => Box::new(PostgresStore::open(&url).await?),
        #[cfg(feature = "postgres")]
        ("postgres" | "postgresql", false) => Box::new(PostgresStore::open_existing(&url).await?),
        (scheme, _) => return Err(unsupported(scheme).into()),
    })
}

/// A newer version of the schema may have tables and columns that would be left behind.
async fn require_known_schema(end: &mut Connected) -> DbResult<()> {
    let found = end
        .number("SELECT max(version) FROM _auth_api_key_migrations")
        .await?;
    match found > NEWEST {
        true => Err(OpenError::NewerDatabase {
            found,
            known: NEWEST,
        }
        .into()),
        false => Ok(()),
    }
}

struct Copying<'a, P> {
    from: &'a dyn End,
    to: &'a dyn End,
    /// As the target must have it: whoever else changes its keys ends the copy.
    mark: Mark,
    progress: P,
    now: CopyProgress,
}

impl<'a, P: FnMut(CopyProgress) + Send> Copying<'a, P> {
    /// None if the keys were handed over before, and that is all that is wanted.
    async fn begin(
        from: &'a dyn End,
        to: &'a dyn End,
        hand_over: bool,
        progress: P,
    ) -> DbResult<Option<Self>> {
        let mut source = from.reading().await?;
        let mut target = to.writing().await?;
        let origin = source.origin().await?;
        if origin == target.origin().await? {
            return refuse(
                "the source and the target are one database, or one is a copy of the other's file",
            );
        }
        let state = target.state().await?;
        target.make_mark().await?;
        let mark = match target.mark().await? {
            None if target.has_keys().await? => {
                return refuse(
                    "the target has keys of its own, or or users or groups: copy into a database that has none",
                );
            }
            None => Mark {
                origin,
                state,
                handed_over: None,
            },
            Some(mark) if mark.origin != origin => {
                return refuse(
                    "the target holds a copy of another database: give each a target of its own",
                );
            }
            Some(Mark {
                handed_over: Some(before),
                ..
            }) if source.state().await? != before => {
                let admitted = "SELECT count(*) FROM api_key WHERE active";
                return match (source.number(admitted).await?, hand_over) {
                    (0, true) => Ok(None),
                    (0, false) => refuse(
                        "the source has handed its keys over before, and refuses them: the target has them",
                    ),
                    _ => refuse(
                        "the source has handed its keys over before, and was changed since: make these \
                         changes in the target",
                    ),
                };
            }
            Some(mark) if mark.state != state => return refuse(CHANGED),
            Some(mark) => Mark {
                handed_over: None,
                ..mark
            },
        };
        target.put_mark(&mark).await?;
        target.commit().await?;
        source.end().await?;
        let now = CopyProgress {
            rows: 0,
            done: 0,
            catching_up: false,
        };
        Ok(Some(Self {
            from,
            to,
            mark,
            progress,
            now,
        }))
    }

    async fn all(&mut self, hand_over: bool) -> DbResult<()> {
        for _ in 0..PASSES {
            let mut source = self.from.reading().await?;
            let state = source.state().await?;
            self.pass(&mut source).await?;
            source.end().await?;
            let mut source = self.from.reading().await?;
            let same = source.state().await? == state;
            source.end().await?;
            if same {
                break;
            }
        }
        if hand_over {
            let mut source = self.from.writing().await?;
            self.pass(&mut source).await?;
            let before = source.state().await?;
            let archive = "UPDATE api_key SET active = FALSE WHERE active";
            source.execute(archive.to_owned(), &[]).await?;
            let mut target = self.target().await?;
            self.mark.handed_over = Some(before);
            // The mark first, and the source at once after it: where this is interrupted in between, the
            // state of the source tells that nothing was done there.
            target.put_mark(&self.mark).await?;
            target.commit().await?;
            source.commit().await?;
        }
        Ok(())
    }

    /// Makes the target what the source is.
    async fn pass(&mut self, source: &mut Connected) -> DbResult<()> {
        self.now.rows = 0;
        for table in &TABLES {
            let count = format!("SELECT count(*) FROM {}", table.name);
            self.now.rows += source.number(&count).await?.unsigned_abs();
        }
        self.now.done = 0;
        // What the source does not have first: it may be in the way of what it has.
        for table in TABLES.iter().rev().filter(|table| table.removed) {
            self.remove_others(source, table).await?;
        }
        for table in &TABLES {
            self.put_missing(source, table).await?;
        }
        let mut target = self.target().await?;
        for table in TABLES.iter().filter(|table| table.counted) {
            let last = source.last_id(table).await?;
            target.set_last_id(table, last).await?;
        }
        target.commit().await?;
        self.now.catching_up = true;
        Ok(())
    }

    /// A transaction on the target, which nobody else has changed.
    async fn target(&self) -> DbResult<Connected> {
        let mut target = self.to.writing().await?;
        target.begin_copying().await?;
        match target.mark().await? == Some(self.mark.clone())
            && target.state().await? == self.mark.state
        {
            true => Ok(target),
            false => refuse(CHANGED),
        }
    }

    async fn commit(&mut self, mut target: Connected) -> DbResult<()> {
        let state = target.state().await?;
        if state != self.mark.state {
            self.mark.state = state;
            target.put_mark(&self.mark).await?;
        }
        target.commit().await
    }

    async fn remove_others(
        &mut self,
        source: &mut Connected,
        table: &'static Table,
    ) -> DbResult<()> {
        let mut after = None;
        loop {
            let mut target = self.target().await?;
            let page = target.page(table, after.as_deref(), BATCH).await?;
            let found = source.found(table, &page).await?;
            let is_gone = |row: &&Row| !found.contains_key(table.key_of(row));
            let (gone, there): (Vec<&Row>, Vec<&Row>) = page.iter().partition(is_gone);
            let is_in_the_way = |row: &&Row| {
                let found = &found[table.key_of(row)];
                table.unique.iter().any(|at| found[*at] != row[*at])
            };
            let in_the_way: Vec<&Row> = there.into_iter().filter(is_in_the_way).collect();
            match gone.is_empty() && in_the_way.is_empty() {
                true => target.end().await?,
                false => {
                    target.remove(table, &gone).await?;
                    match table.freed {
                        "" => target.remove(table, &in_the_way).await?,
                        _ => target.free(table, &in_the_way).await?,
                    }
                    self.commit(target).await?;
                }
            }
            if page.len() < BATCH {
                return Ok(());
            }
            after = page.last().map(|last| table.key_of(last).to_vec());
        }
    }

    async fn put_missing(&mut self, source: &mut Connected, table: &'static Table) -> DbResult<()> {
        let mut after = None;
        loop {
            let page = source.page(table, after.as_deref(), BATCH).await?;
            let mut target = self.target().await?;
            let found = target.found(table, &page).await?;
            let is_missing = |row: &&Row| {
                let found = found.get(table.key_of(row));
                !found.is_some_and(|found| same(found, row))
            };
            let missing: Vec<&Row> = page.iter().filter(is_missing).collect();
            if table.fixed
                && missing
                    .iter()
                    .any(|row| found.contains_key(table.key_of(row)))
            {
                return refuse(
                    "the target has another pepper of the same version than the source: copy into a \
                     database that has none, or delete its row of `api_key_pepper` there",
                );
            }
            self.put(target, table, &missing).await?;
            self.now.done += page.len() as u64;
            (self.progress)(self.now);
            if page.len() < BATCH {
                return Ok(());
            }
            after = page.last().map(|last| table.key_of(last).to_vec());
        }
    }

    async fn put(
        &mut self,
        mut target: Connected,
        table: &'static Table,
        rows: &[&Row],
    ) -> DbResult<()> {
        if rows.is_empty() {
            return target.end().await;
        }
        match target.put(table, rows).await {
            Ok(()) => self.commit(target).await,
            // One of them is to blame.
            Err(fault) if fault.is_of_a_value() => {
                target.end().await?;
                for row in rows {
                    let mut target = self.target().await?;
                    let put = target.put(table, &[row]).await;
                    put.map_err(|fault| fault.of_row(table.name, &table.shown(row)))?;
                    self.commit(target).await?;
                }
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }
}

const CHANGED: &str = "the keys of the target were changed since it was copied to, and a copy would undo that: \
                       copy into a database that has no keys";

fn refuse<T>(why: &str) -> DbResult<T> {
    Err(Error::store(why).into())
}
