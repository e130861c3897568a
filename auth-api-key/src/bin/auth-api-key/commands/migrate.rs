//! `migrate`: makes the tables of a database, or brings them up to date. Makes their triggers again if a
//! restore has disabled them.

use crate::{database::Database, failure::Failure, output::note, waiting::saying_why};

/// Make the database and its tables where they are missing, bring them up to date, and make triggers
/// anew that are missing or disabled
#[derive(clap::Args)]
pub(crate) struct Args;

pub(crate) async fn run(Args: Args, database: &Database) -> Result<(), Failure> {
    for trigger in saying_why(database.migrate()).await? {
        note(&format!("the trigger `{trigger}` was repaired\n"));
    }
    note(&format!(
        "the tables in {} are up to date\n",
        database.place()?
    ));
    Ok(())
}
