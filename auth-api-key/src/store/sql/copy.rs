//! The transactions of a copy to or from these tables.

use futures_util::future::{BoxFuture, FutureExt as _, TryFutureExt as _};
use sqlx::{AssertSqlSafe, Row as _, Transaction, query::Query};

use super::{
    super::{DIALECT, Database, Store, require_trail},
    read,
};
use crate::{
    error::Error,
    store::{
        copy::{CopyTransaction, OpenTransaction, Row, Type, Value},
        error::{DbResult, StoreError},
    },
};

struct Working(Transaction<'static, Database>);

impl Store {
    pub(in crate::store) async fn reading(&self) -> DbResult<OpenTransaction> {
        Ok(begun(self.snapshot().await?))
    }

    pub(in crate::store) async fn writing(&self) -> DbResult<OpenTransaction> {
        let mut transaction = self.naming_holders(self.write()).await?;
        require_trail(&mut transaction).await?;
        Ok(begun(transaction))
    }
}

pub(in crate::store) fn begun(transaction: Transaction<'static, Database>) -> OpenTransaction {
    OpenTransaction {
        transaction: Box::new(Working(transaction)),
        dialect: &DIALECT,
    }
}

/// A statement that no connection keeps: each number of values makes another one.
fn query(
    sql: String,
    given: &[Value],
) -> Query<'_, Database, <Database as sqlx::Database>::Arguments> {
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    given.iter().fold(query, |query, value| match value {
        Value::Int(number) => query.bind(number),
        Value::Flag(flag) => query.bind(flag),
        Value::Text(text) | Value::Json(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

fn read(row: &read::Row, types: &[Type]) -> sqlx::Result<Row> {
    let read = |(at, type_): (usize, &Type)| {
        Ok(match type_ {
            Type::Int => Value::Int(row.try_get(at)?),
            Type::Flag => Value::Flag(row.try_get(at)?),
            Type::Text => Value::Text(row.try_get(at)?),
            Type::Bytes => Value::Bytes(row.try_get(at)?),
            Type::Json => Value::Json(row.try_get(at)?),
        })
    };
    types.iter().enumerate().map(read).collect()
}

impl CopyTransaction for Working {
    fn fetch<'a>(
        &'a mut self,
        sql: String,
        given: &'a [Value],
        types: &'a [Type],
    ) -> BoxFuture<'a, DbResult<Vec<Row>>> {
        async move {
            let rows = query(sql, given).fetch_all(&mut *self.0).await?;
            let read = rows.iter().map(|row| {
                read(row, types).map_err(|error| match row.try_get::<i64, _>(0) {
                    Ok(id) => Error::store(format!(
                        "the row with the number {id} cannot be read: {error}; repair it first"
                    ))
                    .into(),
                    Err(_) => StoreError::from(error),
                })
            });
            read.collect()
        }
        .boxed()
    }

    fn execute<'a>(&'a mut self, sql: String, given: &'a [Value]) -> BoxFuture<'a, DbResult<()>> {
        async move {
            query(sql, given).execute(&mut *self.0).await?;
            Ok(())
        }
        .boxed()
    }

    fn commit(self: Box<Self>) -> BoxFuture<'static, DbResult<()>> {
        self.0.commit().err_into().boxed()
    }

    fn roll_back(self: Box<Self>) -> BoxFuture<'static, DbResult<()>> {
        self.0.rollback().err_into().boxed()
    }
}
