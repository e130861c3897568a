//! Copies keys from one database to another: compares their tables page by page, and writes only the rows
//! that the target lacks or has with other values. So a copy that is run again, also after an interruption,
//! costs little more than the comparison.

mod database;
mod tables;

pub use self::database::CopyError;
use self::{
    database::{ARCHIVE_ALL, Copied, Mark, SideTransaction},
    tables::{PEPPERS, TABLES, Table, same},
};
pub(super) use self::{
    database::{CopyEnd, CopyTransaction, Dialect, OpenTransaction, UNFINISHED},
    tables::{Row, Type, Value},
};
#[cfg(feature = "postgres")]
use super::PostgresStore;
#[cfg(feature = "sqlite")]
use super::SqliteStore;
use super::{
    address::{address, scheme, unsupported},
    error::DbResult,
    migrations::NEWEST,
};
use crate::{
    error::{Error, OpenError},
    key::check_actor,
};

/// How often to look, at most, for changes that were made meanwhile: a source may never stop changing.
const PASSES: u32 = 10;

/// How far a copy is.
#[derive(Clone, Copy, Debug)]
pub struct CopyProgress {
    /// How many rows of the source there are.
    pub rows: u64,
    /// How many of them have been compared and copied.
    pub done: u64,
    /// Whether all rows were copied, and only later changes are looked for.
    pub catching_up: bool,
}

/// One of the two databases.
struct Side<'a> {
    end: &'a dyn CopyEnd,
    failed: fn(Error) -> CopyError,
}

impl Side<'_> {
    async fn reading(&self) -> Copied<SideTransaction> {
        self.transaction(self.end.reading().await)
    }

    async fn writing(&self) -> Copied<SideTransaction> {
        self.transaction(self.end.writing().await)
    }

    fn transaction(&self, begun: DbResult<OpenTransaction>) -> Copied<SideTransaction> {
        let failed = self.failed;
        match begun {
            Ok(begun) => Ok(SideTransaction { begun, failed }),
            Err(error) => Err(failed(error.into())),
        }
    }
}

/// Copies all keys of the database at one address to that at another, as the command `copy` does it. With
/// `hand_over`, which names who acts, the source refuses all its keys once the target has them. Gives their
/// number.
pub async fn copy(
    from: &str,
    to: &str,
    hand_over: Option<&str>,
    progress: impl FnMut(CopyProgress) + Send,
) -> Result<u64, CopyError> {
    if let Some(actor) = hand_over {
        check_actor(actor).map_err(|error| CopyError::Source(error.into()))?;
    }
    let source = open(from, false).await.map_err(CopyError::Source)?;
    let from = Side {
        end: &*source,
        failed: CopyError::Source,
    };
    require_known_schema(&mut from.reading().await?).await?;
    if hand_over.is_some() {
        // Whether it will be allowed, before hours of copying.
        let mut source = from.writing().await?;
        source
            .execute(format!("{ARCHIVE_ALL} AND FALSE"), &[])
            .await?;
        source.end().await?;
    }
    // Plans before tables are made, so that a refused target does not change.
    let begun = look(to).await.map_err(CopyError::Target)?;
    if let Some(begun) = begun {
        let mut target = SideTransaction {
            begun,
            failed: CopyError::Target,
        };
        if target.has_table("_auth_api_key_migrations").await? {
            plan(&mut from.reading().await?, &mut target, hand_over.is_some()).await?;
        }
        target.end().await?;
    }
    let target = open(to, true).await.map_err(CopyError::Target)?;
    let to = Side {
        end: &*target,
        failed: CopyError::Target,
    };
    require_known_schema(&mut to.reading().await?).await?;
    let mut source = from.reading().await?;
    let mut target = to.writing().await?;
    let plan = plan(&mut source, &mut target, hand_over.is_some()).await?;
    let origin = source.origin().await?;
    source.end().await?;
    match plan {
        Plan::Copy => {
            let mark = Mark {
                origin,
                source: from.end.address(),
                state: target.state().await?,
                handed_over: None,
                complete: false,
            };
            target.put_mark(&mark).await?;
            target.commit().await?;
            let now = CopyProgress {
                rows: 0,
                done: 0,
                catching_up: false,
            };
            let mut copying = Copying {
                from: &from,
                to: &to,
                mark,
                progress,
                now,
            };
            copying.all(hand_over).await?;
        }
        Plan::HandOver => {
            let mut source = from.writing().await?;
            source.refuse_keys(hand_over.unwrap_or_default()).await?;
            source.commit().await?;
        }
        Plan::Nothing => {}
    }
    let keys = "SELECT count(*) FROM api_key";
    let keys = from.reading().await?.number(keys).await?;
    Ok(keys.unsigned_abs())
}

async fn open(url: &str, make: bool) -> Result<Box<dyn CopyEnd>, Error> {
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

/// A transaction on a database as it is, with our tables or without; `None` if there is no file.
async fn look(url: &str) -> Result<Option<OpenTransaction>, Error> {
    let url = address(url)?;
    Ok(match scheme(&url) {
        #[cfg(feature = "sqlite")]
        "sqlite" => SqliteStore::look(&url).await?,
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Some(PostgresStore::look(&url).await?),
        scheme => return Err(unsupported(scheme).into()),
    })
}

/// A newer version of the schema may have tables and columns that would be left behind.
async fn require_known_schema(end: &mut SideTransaction) -> Copied<()> {
    let found = end.version().await?;
    match found > NEWEST {
        true => Err(end.error(OpenError::NewerDatabase {
            found,
            known: NEWEST,
        })),
        false => Ok(()),
    }
}

/// What to do.
enum Plan {
    Copy,
    /// Archive the keys of the source: the target has them all.
    HandOver,
    /// All is done already.
    Nothing,
}

/// What to do, or why the target is refused; its tables may be of an older version.
async fn plan(
    source: &mut SideTransaction,
    target: &mut SideTransaction,
    hand_over: bool,
) -> Copied<Plan> {
    let origin = source.origin().await?;
    if origin == target.origin().await? {
        return Err(CopyError::Refused(
            "the source and the target are one database, or one is a copy of the other's file: copy into a database without keys",
        ));
    }
    require_same_peppers(source, target).await?;
    // The tables of the first version have no mark.
    let mark = match target.version().await? {
        1 => None,
        _ => target.mark().await?,
    };
    let Some(mark) = mark else {
        let any = "SELECT count(*) FROM (SELECT 1 AS one FROM api_key LIMIT 1) AS any_key";
        return match target.number(any).await? {
            0 => Ok(Plan::Copy),
            _ => Err(CopyError::Refused(
                "the target has other keys: copy into a database that has none",
            )),
        };
    };
    if mark.origin != origin {
        return Err(CopyError::Refused(
            "the target holds a copy of another database: give each its own target",
        ));
    }
    let (now, changed) = (source.state().await?, target.state().await? != mark.state);
    let refused = match mark.handed_over {
        // An earlier copy ended before the source's keys were archived.
        Some(before) if before == now => match (changed, hand_over) {
            (false, _) => return Ok(Plan::Copy),
            (true, true) => return Ok(Plan::HandOver),
            (true, false) => {
                "the target has all keys, and was changed since: run this with `--final`, so that the \
                 source refuses its keys"
            }
        },
        Some(_) => {
            let admitted = "SELECT count(*) FROM api_key WHERE active";
            match (source.number(admitted).await?, hand_over) {
                (0, true) => return Ok(Plan::Nothing),
                (0, false) => "all keys of the source are archived already: the target has them",
                _ => {
                    "the source was changed after `--final` had archived its keys: make these changes in the \
                     target, and archive the keys in the source that are active again"
                }
            }
        }
        None => match (changed, mark.complete, hand_over) {
            (false, _, _) => return Ok(Plan::Copy),
            (true, false, _) => CHANGED,
            (true, true, false) => {
                "the keys of the target were changed since they were copied, and another copy would undo \
                 that: make all further changes in the target, or copy into a database that has no keys"
            }
            (true, true, true) => {
                "the keys of the target were changed since they were copied, and the end of the copy would \
                 undo that: nothing was handed over. Copy into a database that has no keys; or, if the \
                 target has all keys that it must have, archive those of the source by hand"
            }
        },
    };
    Err(CopyError::Refused(refused))
}

const CHANGED: &str = "the keys of the target were changed before the copy was finished: copy into a database \
                       that has no keys";

async fn require_same_peppers(
    source: &mut SideTransaction,
    target: &mut SideTransaction,
) -> Copied<()> {
    let peppers = source.page(&PEPPERS, None).await?;
    let found = target.found(&PEPPERS, &peppers).await?;
    let is_other = |row: &Row| {
        let found = found.get(PEPPERS.primary_key(row));
        found.is_some_and(|found| found != row)
    };
    match peppers.iter().any(is_other) {
        true => Err(CopyError::Refused(
            "the target has a different pepper of the same version: copy into a database that has none, \
             or delete its row of `api_key_pepper` there",
        )),
        false => Ok(()),
    }
}

struct Copying<'a, P> {
    from: &'a Side<'a>,
    to: &'a Side<'a>,
    /// The mark that the target must have: if somebody else changes its keys, the copy ends.
    mark: Mark,
    progress: P,
    now: CopyProgress,
}

impl<P: FnMut(CopyProgress) + Send> Copying<'_, P> {
    async fn all(&mut self, hand_over: Option<&str>) -> Copied<()> {
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
        let mut source = match hand_over {
            Some(actor) => Some((self.from.writing().await?, actor)),
            None => None,
        };
        if let Some((source, _)) = &mut source {
            self.pass(source).await?;
        }
        let mut target = self.target().await?;
        self.mark.complete = true;
        if let Some((source, actor)) = &mut source {
            self.mark.handed_over = Some(source.state().await?);
            source.refuse_keys(actor).await?;
        }
        // Commits the mark, then the source. After an interruption in between, the state of the source shows
        // that the source was not changed.
        target.put_mark(&self.mark).await?;
        target.commit().await?;
        match source {
            Some((source, _)) => source.commit().await,
            None => Ok(()),
        }
    }

    /// Makes the target equal to the source.
    async fn pass(&mut self, source: &mut SideTransaction) -> Copied<()> {
        self.now.rows = 0;
        for table in &TABLES {
            let count = format!("SELECT count(*) FROM {}", table.name);
            self.now.rows += source.number(&count).await?.unsigned_abs();
        }
        self.now.done = 0;
        require_same_peppers(source, &mut self.target().await?).await?;
        // First deletes what the source lacks: it may block what the source has.
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
    async fn target(&self) -> Copied<SideTransaction> {
        let mut target = self.to.writing().await?;
        target.begin_copying().await?;
        match target.mark().await? == Some(self.mark.clone())
            && target.state().await? == self.mark.state
        {
            true => Ok(target),
            false => Err(CopyError::Refused(CHANGED)),
        }
    }

    async fn commit(&mut self, mut target: SideTransaction) -> Copied<()> {
        let state = target.state().await?;
        if state != self.mark.state {
            self.mark.state = state;
            target.put_mark(&self.mark).await?;
        }
        target.commit().await
    }

    async fn remove_others(
        &mut self,
        source: &mut SideTransaction,
        table: &'static Table,
    ) -> Copied<()> {
        let mut after = None;
        loop {
            let mut target = self.target().await?;
            let page = target.page(table, after.as_deref()).await?;
            let Some(last) = page.last() else {
                return target.end().await;
            };
            after = Some(table.primary_key(last).to_vec());
            let found = source.found(table, &page).await?;
            let is_gone = |row: &&Row| !found.contains_key(table.primary_key(row));
            let (gone, there): (Vec<&Row>, Vec<&Row>) = page.iter().partition(is_gone);
            let is_in_the_way = |row: &&Row| {
                let found = &found[table.primary_key(row)];
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
        }
    }

    async fn put_missing(
        &mut self,
        source: &mut SideTransaction,
        table: &'static Table,
    ) -> Copied<()> {
        let mut after = None;
        loop {
            let page = source.page(table, after.as_deref()).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(table.primary_key(last).to_vec());
            let mut target = self.target().await?;
            let found = target.found(table, &page).await?;
            let is_missing = |row: &&Row| {
                let found = found.get(table.primary_key(row));
                !found.is_some_and(|found| same(found, row))
            };
            let missing: Vec<&Row> = page.iter().filter(is_missing).collect();
            self.put(target, table, &missing).await?;
            self.now.done += page.len() as u64;
            (self.progress)(self.now);
        }
    }

    async fn put(
        &mut self,
        mut target: SideTransaction,
        table: &'static Table,
        rows: &[&Row],
    ) -> Copied<()> {
        if rows.is_empty() {
            return target.end().await;
        }
        match target.put(table, rows).await {
            Ok(()) => self.commit(target).await,
            // Names the row to blame.
            Err(error) if error.is_bad_value() => {
                target.end().await?;
                for row in rows {
                    let mut target = self.target().await?;
                    let put = target.put(table, &[row]).await;
                    put.map_err(|error| target.error(error.of_row(table.name, &table.shown(row))))?;
                    self.commit(target).await?;
                }
                Ok(())
            }
            Err(error) => Err(target.error(error)),
        }
    }
}
