//! `neutralize`: makes a copy of a database harmless.

use auth_api_key::{key::KeyFilter, store::Change};

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    database::Database,
    failure::Failure,
    output::note,
    waiting::saying_why,
};

/// Make a copy of a production database harmless: archive all keys, and forget their texts and
/// the peppers
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, database: &Database) -> Result<(), Failure> {
    let store = saying_why(database.open_copy()).await?;
    let url = database.url_without_password()?;
    let keys = store.count(&KeyFilter::new()).await?;
    ask(
        arguments.asking,
        &format!(
            "Archive all {keys} keys in {url} and forget their texts? They can never be used again."
        ),
    )?;
    let actor = arguments.acting.name();
    store.change(&Change::Neutralize, Some(&actor)).await?;
    note(&format!(
        "{keys} keys in {url} are archived, and their texts and peppers are forgotten\n"
    ));
    Ok(())
}
