//! `delete`: deletes a key.

use auth_api_key::Authenticator;

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    failure::Failure,
    one_key::{OneKey, existing},
    output::{printable, show, shown},
};

/// Delete a key
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    key: OneKey,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    let record = existing(auth, &name).await?;
    let used = match record.last_used_at {
        Some(time) => format!("last used {}", shown(time)),
        None => "never used".to_owned(),
    };
    ask(
        arguments.asking,
        &format!(
            "Delete key \"{}\" of user {}, {used}? This cannot be undone.",
            printable(&record.name),
            printable(&record.user)
        ),
    )?;
    let keys = auth.keys().acting_as(arguments.acting.name());
    show(&keys.delete(&name).await?, output)
}
