//! `migrate`: makes the tables of a database, or brings them up to date, and repairs their triggers.

use crate::{database::Database, failure::Failure, output::note, waiting::saying_why};

/// Make the tables of a database, or bring them up to date; repair triggers that are missing, disabled or replaced, and
/// the lists that they keep
#[derive(clap::Args)]
pub(crate) struct Args;

pub(crate) async fn run(Args: Args, database: &Database) -> Result<(), Failure> {
    for trigger_or_function in saying_why(database.migrate()).await? {
        note(&format!("`{trigger_or_function}` is repaired\n"));
    }
    note(&format!(
        "the tables in {} are up to date\n",
        database.url_without_password()?
    ));
    Ok(())
}
