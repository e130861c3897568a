//! The source and the target of a copy: what is read and written, in SQL that SQLite and PostgreSQL share.

use std::collections::HashMap;

use futures_util::future::BoxFuture;

use super::tables::{Row, Table, Type, Value};
use crate::{
    error::Error,
    store::error::{DbResult, StoreError},
};

/// How many rows are compared, and written in one transaction.
const BATCH: usize = 1000;
/// How many bytes of texts such rows have at most, if one alone has no more.
const BYTES: i64 = 4 << 20;

/// Why keys are not copied, or not all of them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The database that is copied from failed.
    #[error("the source database failed")]
    Source(#[source] Error),
    /// The database that is copied to failed.
    #[error("the target database failed")]
    Target(#[source] Error),
    /// These two do not go together.
    #[error("{0}")]
    Refused(&'static str),
}

pub(super) type Copied<T> = Result<T, CopyError>;

/// SQL that differs between the two.
pub(in super::super) struct Dialect {
    /// Reads JSON as the text that it is.
    pub(in super::super) json_as_text: &'static str,
    pub(in super::super) text_as_json: &'static str,
    /// Lets a statement set ids that the database would count.
    pub(in super::super) ids_given: &'static str,
    /// Stops a transaction from writing events of the rows that it copies.
    pub(in super::super) copying: &'static str,
    /// Says who makes the changes of a transaction.
    pub(in super::super) acting: &'static str,
    /// Undoes `copying` and `acting`.
    pub(in super::super) copied: &'static [&'static str],
    /// Whether placeholders are numbered, which is slow in SQLite.
    pub(in super::super) numbered: bool,
    /// Counts tables of this name.
    pub(in super::super) has_table: &'static str,
    /// Reads the state of the keys.
    pub(in super::super) state: &'static str,
    /// The highest id that a table has had.
    pub(in super::super) last_id: &'static str,
    /// Raises a table's next id.
    pub(in super::super) set_last_id: &'static [&'static str],
}

pub(in super::super) trait CopyEnd: Send + Sync {
    /// Its address, without a password.
    fn address(&self) -> String;

    /// A transaction that sees one snapshot.
    fn reading(&self) -> BoxFuture<'_, DbResult<OpenTransaction>>;

    /// A transaction during which nobody else changes keys.
    fn writing(&self) -> BoxFuture<'_, DbResult<OpenTransaction>>;
}

/// A transaction.
pub(in super::super) trait CopyTransaction: Send {
    fn fetch<'a>(
        &'a mut self,
        sql: String,
        given: &'a [Value],
        types: &'a [Type],
    ) -> BoxFuture<'a, DbResult<Vec<Row>>>;

    fn execute<'a>(&'a mut self, sql: String, given: &'a [Value]) -> BoxFuture<'a, DbResult<()>>;

    fn commit(self: Box<Self>) -> BoxFuture<'static, DbResult<()>>;

    fn roll_back(self: Box<Self>) -> BoxFuture<'static, DbResult<()>>;
}

pub(in super::super) struct OpenTransaction {
    pub(in super::super) transaction: Box<dyn CopyTransaction>,
    pub(in super::super) dialect: &'static Dialect,
}

/// A transaction on one of the two databases, whose errors say on which.
pub(super) struct SideTransaction {
    pub(super) begun: OpenTransaction,
    pub(super) failed: fn(Error) -> CopyError,
}

/// Gives the source of a copy that is not finished.
pub(in super::super) const UNFINISHED: &str = "SELECT source FROM api_key_copy WHERE NOT complete";

/// Archives all keys, so that nodes refuse them.
pub(super) const ARCHIVE_ALL: &str = "UPDATE api_key SET active = FALSE WHERE active";

/// What the target of a copy knows of it.
#[derive(Clone, PartialEq)]
pub(super) struct Mark {
    /// The source's origin.
    pub(super) origin: String,
    /// The source's address, without a password.
    pub(super) source: String,
    /// The state of the target's keys.
    pub(super) state: String,
    /// The state of the source's keys before `--final` archived them.
    pub(super) handed_over: Option<String>,
    /// Whether the target has had all keys of the source.
    pub(super) complete: bool,
}

impl SideTransaction {
    pub(super) fn error(&self, error: impl Into<StoreError>) -> CopyError {
        (self.failed)(error.into().into())
    }

    async fn fetch(&mut self, sql: String, given: &[Value], types: &[Type]) -> Copied<Vec<Row>> {
        let fetched = self.begun.transaction.fetch(sql, given, types).await;
        fetched.map_err(|error| self.error(error))
    }

    pub(super) async fn execute(&mut self, sql: String, given: &[Value]) -> Copied<()> {
        let executed = self.begun.transaction.execute(sql, given).await;
        executed.map_err(|error| self.error(error))
    }

    pub(super) async fn begin_copying(&mut self) -> Copied<()> {
        let copying = self.begun.dialect.copying.to_owned();
        self.execute(copying, &[]).await
    }

    /// Archives all keys.
    pub(super) async fn refuse_keys(&mut self, actor: &str) -> Copied<()> {
        let acting = self.begun.dialect.acting.to_owned();
        let actor = [Value::Text(Some(actor.to_owned()))];
        self.execute(acting, &actor).await?;
        self.execute(ARCHIVE_ALL.to_owned(), &[]).await
    }

    pub(super) async fn commit(mut self) -> Copied<()> {
        for statement in self.begun.dialect.copied {
            self.execute((*statement).to_owned(), &[]).await?;
        }
        let Self { begun, failed } = self;
        let committed = begun.transaction.commit().await;
        committed.map_err(|error| failed(error.into()))
    }

    /// Ends without a change.
    pub(super) async fn end(self) -> Copied<()> {
        let Self { begun, failed } = self;
        let ended = begun.transaction.roll_back().await;
        ended.map_err(|error| failed(error.into()))
    }

    /// The first row, which must be there.
    async fn one<const N: usize>(&mut self, sql: &str, types: [Type; N]) -> Copied<[Value; N]> {
        let rows = self.fetch(sql.to_owned(), &[], &types).await?;
        let one = rows.into_iter().next().and_then(|row| row.try_into().ok());
        one.ok_or_else(|| self.error(Error::store(format!("nothing is given by {sql:?}"))))
    }

    pub(super) async fn number(&mut self, sql: &str) -> Copied<i64> {
        match self.one(sql, [Type::Int]).await? {
            [Value::Int(Some(number))] => Ok(number),
            _ => Ok(0),
        }
    }

    async fn text(&mut self, sql: &str) -> Copied<String> {
        let [text] = self.one(sql, [Type::Text]).await?;
        Ok(text.into_text().unwrap_or_default())
    }

    /// Identifies the tables of this database: when they were made, to the nanosecond.
    pub(super) async fn origin(&mut self) -> Copied<String> {
        self.text(
            "SELECT CAST(installed_on AS text) || ' ' || CAST(execution_time AS text)
             FROM _auth_api_key_migrations WHERE version = 1",
        )
        .await
    }

    pub(super) async fn version(&mut self) -> Copied<i64> {
        self.number("SELECT max(version) FROM _auth_api_key_migrations")
            .await
    }

    pub(super) async fn state(&mut self) -> Copied<String> {
        self.text(self.begun.dialect.state).await
    }

    pub(super) async fn has_table(&mut self, table: &str) -> Copied<bool> {
        let sql = self.begun.dialect.has_table.replace("{table}", table);
        Ok(self.number(&sql).await? > 0)
    }

    pub(super) async fn mark(&mut self) -> Copied<Option<Mark>> {
        let mark = "SELECT origin, source, state, handed_over, complete FROM api_key_copy";
        let types = [Type::Text, Type::Text, Type::Text, Type::Text, Type::Flag];
        let rows = self.fetch(mark.to_owned(), &[], &types).await?;
        Ok(rows.into_iter().next().map(|row| {
            let complete = row.last() == Some(&Value::Flag(Some(true)));
            let mut texts = row.into_iter().map(Value::into_text);
            let mut next = || texts.next().flatten();
            Mark {
                origin: next().unwrap_or_default(),
                source: next().unwrap_or_default(),
                state: next().unwrap_or_default(),
                handed_over: next(),
                complete,
            }
        }))
    }

    pub(super) async fn put_mark(&mut self, mark: &Mark) -> Copied<()> {
        let put = "INSERT INTO api_key_copy (id, origin, source, state, handed_over, complete)
                   VALUES (1, $1, $2, $3, $4, $5)
                   ON CONFLICT (id) DO UPDATE SET source = excluded.source, state = excluded.state,
                       handed_over = excluded.handed_over, complete = excluded.complete";
        let Mark {
            origin,
            source,
            state,
            handed_over,
            complete,
        } = mark.clone();
        let given = [
            Value::Text(Some(origin)),
            Value::Text(Some(source)),
            Value::Text(Some(state)),
            Value::Text(handed_over),
            Value::Flag(Some(complete)),
        ];
        self.execute(put.to_owned(), &given).await
    }

    /// `($1, $2)`, from the number after `from` on.
    fn places(&self, from: usize, number: usize, after: impl Fn(usize) -> &'static str) -> String {
        let places = (0..number).map(|at| match self.begun.dialect.numbered {
            true => format!("${}{}", from + at + 1, after(at)),
            false => format!("?{}", after(at)),
        });
        format!("({})", places.collect::<Vec<_>>().join(", "))
    }

    /// Primary keys, as `VALUES`.
    fn primary_keys<'r>(
        &self,
        table: &Table,
        rows: impl ExactSizeIterator<Item = &'r Row>,
    ) -> (String, Vec<Value>) {
        let width = table.primary_columns;
        let listed: Vec<String> = (0..rows.len())
            .map(|row| self.places(row * width, width, |_| ""))
            .collect();
        let given = rows
            .flat_map(|row| table.primary_key(row))
            .cloned()
            .collect();
        (format!("VALUES {}", listed.join(", ")), given)
    }

    fn select(&self, table: &Table) -> String {
        let columns = table.columns.iter().map(|(name, type_)| match type_ {
            Type::Json => format!("t.{name}{}", self.begun.dialect.json_as_text),
            _ => format!("t.{name}"),
        });
        let columns: Vec<String> = columns.collect();
        format!("SELECT {} FROM {} t", columns.join(", "), table.name)
    }

    /// The next rows of a table, in the database's order of primary keys: as many as one transaction compares.
    pub(super) async fn page(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Copied<Vec<Row>> {
        let (key, after) = (table.primary_column_names(), after.unwrap_or_default());
        let mut from = String::new();
        if !after.is_empty() {
            from = format!(" WHERE ({key}) > {}", self.places(0, after.len(), |_| ""));
        }
        from += &format!(" ORDER BY {key} LIMIT ");
        let mut size = BATCH;
        let texts = table
            .columns
            .iter()
            .filter(|(_, type_)| *type_ == Type::Json);
        let sizes: Vec<String> = texts
            .map(|(name, _)| format!("coalesce(octet_length(CAST({name} AS text)), 0)"))
            .collect();
        if !sizes.is_empty() {
            let sizes = format!(
                "SELECT CAST({} AS bigint) FROM {}{from}{BATCH}",
                sizes.join(" + "),
                table.name
            );
            let mut bytes = 0;
            let sizes = self.fetch(sizes, after, &[Type::Int]).await?;
            let fits = |row: &&Row| {
                bytes += match row[..] {
                    [Value::Int(Some(size))] => size,
                    _ => 0,
                };
                bytes <= BYTES
            };
            size = sizes.iter().take_while(fits).count().max(1);
        }
        let sql = format!("{}{from}{size}", self.select(table));
        self.fetch(sql, after, &table.types()).await
    }

    /// The rows with the primary keys of `others`.
    pub(super) async fn found(
        &mut self,
        table: &Table,
        others: &[Row],
    ) -> Copied<HashMap<Vec<Value>, Row>> {
        if others.is_empty() {
            return Ok(HashMap::new());
        }
        let (listed, given) = self.primary_keys(table, others.iter());
        let on = table.columns[..table.primary_columns].iter().zip(1..);
        let on: Vec<String> = on
            .map(|((name, _), at)| format!("t.{name} = v.column{at}"))
            .collect();
        // In other forms SQLite reads the whole table.
        let sql = format!(
            "{} JOIN ({listed}) AS v ON {}",
            self.select(table),
            on.join(" AND ")
        );
        let rows = self.fetch(sql, &given, &table.types()).await?;
        let by_key = |row: Row| (table.primary_key(&row).to_vec(), row);
        Ok(rows.into_iter().map(by_key).collect())
    }

    pub(super) async fn remove(&mut self, table: &Table, rows: &[&Row]) -> Copied<()> {
        self.of_rows(&format!("DELETE FROM {}", table.name), table, rows)
            .await
    }

    /// Frees these rows' unique values for other rows.
    pub(super) async fn free(&mut self, table: &Table, rows: &[&Row]) -> Copied<()> {
        let statement = format!("UPDATE {} SET {}", table.name, table.freed);
        self.of_rows(&statement, table, rows).await
    }

    async fn of_rows(&mut self, statement: &str, table: &Table, rows: &[&Row]) -> Copied<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let (listed, given) = self.primary_keys(table, rows.iter().copied());
        let sql = format!(
            "{statement} WHERE ({}) IN ({listed})",
            table.primary_column_names()
        );
        self.execute(sql, &given).await
    }

    /// Adds rows, or overwrites those with the same primary keys.
    pub(super) async fn put(&mut self, table: &Table, rows: &[&Row]) -> DbResult<()> {
        let (columns, width) = (table.columns, table.columns.len());
        let as_json = |at: usize| match columns[at].1 {
            Type::Json => self.begun.dialect.text_as_json,
            _ => "",
        };
        let values: Vec<String> = (0..rows.len())
            .map(|row| self.places(row * width, width, as_json))
            .collect();
        let set: Vec<String> = (columns.iter().skip(table.primary_columns))
            .map(|(name, _)| format!("{name} = excluded.{name}"))
            .collect();
        let done = match set.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {}{}", set.join(", "), table.overwrite_if),
        };
        let ids_given = if table.counted {
            self.begun.dialect.ids_given
        } else {
            ""
        };
        let sql = format!(
            "INSERT INTO {} ({}){ids_given} VALUES {} ON CONFLICT ({}) DO {done}",
            table.name,
            table.all_columns(),
            values.join(", "),
            table.primary_column_names(),
        );
        let given: Vec<Value> = rows.iter().copied().flatten().cloned().collect();
        self.begun.transaction.execute(sql, &given).await
    }

    pub(super) async fn last_id(&mut self, table: &Table) -> Copied<i64> {
        let sql = self.begun.dialect.last_id.replace("{table}", table.name);
        self.number(&sql).await
    }

    pub(super) async fn set_last_id(&mut self, table: &Table, id: i64) -> Copied<()> {
        for statement in self.begun.dialect.set_last_id {
            let sql = statement.replace("{table}", table.name);
            self.execute(sql, &[Value::Int(Some(id))]).await?;
        }
        Ok(())
    }
}
