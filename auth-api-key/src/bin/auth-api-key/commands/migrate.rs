//! `migrate`: makes the tables of a database, or brings them up to date.

use crate::{database::Database, failure::Failure, output::note};

/// Make the database and its tables where they are missing, and bring them up to date
#[derive(clap::Args)]
pub(crate) struct Args;

pub(crate) async fn run(Args: Args, database: &Database) -> Result<(), Failure> {
    database.open(true).await?;
    note(&format!(
        "the tables in {} are up to date\n",
        database.place()?
    ));
    Ok(())
}
