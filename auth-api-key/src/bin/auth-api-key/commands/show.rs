//! `show`: shows a key.

use auth_api_key::Authenticator;

use crate::{
    failure::Failure,
    one_key::{OneKey, existing},
    output::show,
};

/// Show a key with all its data
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    key: OneKey,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    show(&existing(auth, &name).await?, output)
}
