//! The database at either end of a copy: what it is asked and told, in the SQL that SQLite and PostgreSQL
//! share.

use std::collections::HashMap;

use futures_util::future::BoxFuture;

use super::tables::{Row, Table, Type, Value};
use crate::{error::Error, store::fault::DbResult};

/// Where the two differ.
pub(in super::super) struct Dialect {
    /// Reads JSON as the text that it is.
    pub(in super::super) json_as_text: &'static str,
    pub(in super::super) text_as_json: &'static str,
    /// Lets ids be given that the database would count.
    pub(in super::super) ids_given: &'static str,
    /// Has a transaction write no events of the rows that it copies, and ends that.
    pub(in super::super) copying: &'static str,
    pub(in super::super) copied: &'static [&'static str],
    /// Whether values have numbers. SQLite looks for each of them among all.
    pub(in super::super) numbered: bool,
    /// Which state of the keys there is.
    pub(in super::super) state: &'static str,
    /// The highest id that a table has had.
    pub(in super::super) last_id: &'static str,
    /// Has a table's next id be above another one.
    pub(in super::super) set_last_id: &'static [&'static str],
}

pub(in super::super) trait End: Send + Sync {
    /// A transaction that sees one snapshot.
    fn reading(&self) -> BoxFuture<'_, DbResult<Connected>>;

    /// A transaction beside which nobody else changes keys.
    fn writing(&self) -> BoxFuture<'_, DbResult<Connected>>;
}

/// A transaction.
pub(in super::super) trait Work: Send {
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

pub(in super::super) struct Connected {
    pub(in super::super) work: Box<dyn Work>,
    pub(in super::super) dialect: &'static Dialect,
}

/// What the target of a copy knows of it.
#[derive(Clone, PartialEq)]
pub(super) struct Mark {
    /// Of the source.
    pub(super) origin: String,
    /// Of the target's keys.
    pub(super) state: String,
    /// The state of the source's keys before it was told to refuse them all.
    pub(super) handed_over: Option<String>,
}

impl Connected {
    pub(super) async fn execute(&mut self, sql: String, given: &[Value]) -> DbResult<()> {
        self.work.execute(sql, given).await
    }

    pub(super) async fn begin_copying(&mut self) -> DbResult<()> {
        self.execute(self.dialect.copying.to_owned(), &[]).await
    }

    pub(super) async fn commit(mut self) -> DbResult<()> {
        for statement in self.dialect.copied {
            self.execute((*statement).to_owned(), &[]).await?;
        }
        self.work.commit().await
    }

    /// Ends without a change.
    pub(super) async fn end(self) -> DbResult<()> {
        self.work.roll_back().await
    }

    pub(super) async fn number(&mut self, sql: &str) -> DbResult<i64> {
        let rows = self.work.fetch(sql.to_owned(), &[], &[Type::Int]).await?;
        match rows.first().map(Vec::as_slice) {
            Some([Value::Int(number)]) => Ok(number.unwrap_or(0)),
            _ => Err(Error::store(format!("no number is given by {sql:?}")).into()),
        }
    }

    async fn texts(&mut self, sql: &str, number: usize) -> DbResult<Option<Vec<Option<String>>>> {
        let types = vec![Type::Text; number];
        let rows = self.work.fetch(sql.to_owned(), &[], &types).await?;
        let texts = |row: Row| {
            let texts = row.into_iter().map(|value| match value {
                Value::Text(text) => text,
                _ => None,
            });
            texts.collect()
        };
        Ok(rows.into_iter().next().map(texts))
    }

    async fn text(&mut self, sql: &str) -> DbResult<String> {
        let texts = self.texts(sql, 1).await?;
        let text = texts.and_then(|texts| texts.into_iter().next().flatten());
        text.ok_or_else(|| Error::store(format!("nothing is given by {sql:?}")).into())
    }

    /// What tells the tables of this database from all others: when they were made, to the nanosecond.
    pub(super) async fn origin(&mut self) -> DbResult<String> {
        self.text(
            "SELECT CAST(installed_on AS text) || ' ' || CAST(execution_time AS text)
             FROM _auth_api_key_migrations WHERE version = 1",
        )
        .await
    }

    pub(super) async fn state(&mut self) -> DbResult<String> {
        self.text(self.dialect.state).await
    }

    pub(super) async fn has_keys(&mut self) -> DbResult<bool> {
        let any = "SELECT count(*) FROM (SELECT 1 AS one FROM api_key UNION ALL SELECT 1 FROM api_key_user
                   UNION ALL SELECT 1 FROM api_key_group LIMIT 1) AS any_row";
        Ok(self.number(any).await? > 0)
    }

    pub(super) async fn make_mark(&mut self) -> DbResult<()> {
        let make = "CREATE TABLE IF NOT EXISTS api_key_copy (
                        id          bigint PRIMARY KEY CHECK (id = 1),
                        origin      text NOT NULL,
                        state       text NOT NULL,
                        handed_over text
                    )";
        self.execute(make.to_owned(), &[]).await
    }

    pub(super) async fn mark(&mut self) -> DbResult<Option<Mark>> {
        let mark = "SELECT origin, state, handed_over FROM api_key_copy";
        Ok(self.texts(mark, 3).await?.map(|texts| {
            let mut texts = texts.into_iter();
            let mut next = || texts.next().flatten();
            Mark {
                origin: next().unwrap_or_default(),
                state: next().unwrap_or_default(),
                handed_over: next(),
            }
        }))
    }

    pub(super) async fn put_mark(&mut self, mark: &Mark) -> DbResult<()> {
        let put = "INSERT INTO api_key_copy (id, origin, state, handed_over) VALUES (1, $1, $2, $3)
                   ON CONFLICT (id) DO UPDATE SET state = excluded.state, handed_over = excluded.handed_over";
        let Mark {
            origin,
            state,
            handed_over,
        } = mark.clone();
        let given = [Some(origin), Some(state), handed_over].map(Value::Text);
        self.execute(put.to_owned(), &given).await
    }

    /// `($1, $2)`, from the number after `from` on.
    fn places(&self, from: usize, number: usize, after: impl Fn(usize) -> &'static str) -> String {
        let places = (0..number).map(|at| match self.dialect.numbered {
            true => format!("${}{}", from + at + 1, after(at)),
            false => format!("?{}", after(at)),
        });
        format!("({})", places.collect::<Vec<_>>().join(", "))
    }

    /// The keys of rows, as `VALUES`.
    fn keys<'r>(
        &self,
        table: &Table,
        rows: impl ExactSizeIterator<Item = &'r Row>,
    ) -> (String, Vec<Value>) {
        let width = table.key;
        let listed: Vec<String> = (0..rows.len())
            .map(|row| self.places(row * width, width, |_| ""))
            .collect();
        let given = rows.flat_map(|row| table.key_of(row)).cloned().collect();
        (format!("VALUES {}", listed.join(", ")), given)
    }

    fn select(&self, table: &Table) -> String {
        let columns = table.columns.iter().map(|(name, type_)| match type_ {
            Type::Json => format!("t.{name}{}", self.dialect.json_as_text),
            _ => format!("t.{name}"),
        });
        let columns: Vec<String> = columns.collect();
        format!("SELECT {} FROM {} t", columns.join(", "), table.name)
    }

    /// The next rows of a table, in the order of their keys, which is the database's own.
    pub(super) async fn page(
        &mut self,
        table: &Table,
        after: Option<&[Value]>,
        size: usize,
    ) -> DbResult<Vec<Row>> {
        let (key, mut sql) = (table.key_columns(), self.select(table));
        let after = after.unwrap_or_default();
        if !after.is_empty() {
            sql += &format!(" WHERE ({key}) > {}", self.places(0, after.len(), |_| ""));
        }
        sql += &format!(" ORDER BY {key} LIMIT {size}");
        self.work.fetch(sql, after, &table.types()).await
    }

    /// The rows that have the keys of others.
    pub(super) async fn found(
        &mut self,
        table: &Table,
        others: &[Row],
    ) -> DbResult<HashMap<Vec<Value>, Row>> {
        if others.is_empty() {
            return Ok(HashMap::new());
        }
        let (listed, given) = self.keys(table, others.iter());
        let on = table.columns[..table.key].iter().zip(1..);
        let on: Vec<String> = on
            .map(|((name, _), at)| format!("t.{name} = v.column{at}"))
            .collect();
        // Other forms have SQLite read all of the table.
        let sql = format!(
            "{} JOIN ({listed}) AS v ON {}",
            self.select(table),
            on.join(" AND ")
        );
        let rows = self.work.fetch(sql, &given, &table.types()).await?;
        let by_key = |row: Row| (table.key_of(&row).to_vec(), row);
        Ok(rows.into_iter().map(by_key).collect())
    }

    pub(super) async fn remove(&mut self, table: &Table, rows: &[&Row]) -> DbResult<()> {
        self.of_rows(&format!("DELETE FROM {}", table.name), table, rows)
            .await
    }

    /// Lets other rows have what these were unique by.
    pub(super) async fn free(&mut self, table: &Table, rows: &[&Row]) -> DbResult<()> {
        let statement = format!("UPDATE {} SET {}", table.name, table.freed);
        self.of_rows(&statement, table, rows).await
    }

    async fn of_rows(&mut self, statement: &str, table: &Table, rows: &[&Row]) -> DbResult<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let (listed, given) = self.keys(table, rows.iter().copied());
        let sql = format!("{statement} WHERE ({}) IN ({listed})", table.key_columns());
        self.execute(sql, &given).await
    }

    /// Adds rows, or writes over those that have the same keys.
    pub(super) async fn put(&mut self, table: &Table, rows: &[&Row]) -> DbResult<()> {
        let (columns, width) = (table.columns, table.columns.len());
        let as_json = |at: usize| match columns[at].1 {
            Type::Json => self.dialect.text_as_json,
            _ => "",
        };
        let values: Vec<String> = (0..rows.len())
            .map(|row| self.places(row * width, width, as_json))
            .collect();
        let set: Vec<String> = (columns.iter().skip(table.key))
            .map(|(name, _)| format!("{name} = excluded.{name}"))
            .collect();
        let done = match set.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {}{}", set.join(", "), table.unless),
        };
        let ids_given = if table.counted {
            self.dialect.ids_given
        } else {
            ""
        };
        let sql = format!(
            "INSERT INTO {} ({}){ids_given} VALUES {} ON CONFLICT ({}) DO {done}",
            table.name,
            table.all_columns(),
            values.join(", "),
            table.key_columns(),
        );
        let given: Vec<Value> = rows.iter().copied().flatten().cloned().collect();
        self.execute(sql, &given).await
    }

    pub(super) async fn last_id(&mut self, table: &Table) -> DbResult<i64> {
        let sql = self.dialect.last_id.replace("{table}", table.name);
        self.number(&sql).await
    }

    pub(super) async fn set_last_id(&mut self, table: &Table, id: i64) -> DbResult<()> {
        for statement in self.dialect.set_last_id {
            let sql = statement.replace("{table}", table.name);
            self.execute(sql, &[Value::Int(Some(id))]).await?;
        }
        Ok(())
    }
}
