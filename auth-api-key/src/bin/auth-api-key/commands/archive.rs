//! `archive` and `unarchive`: refuse a key, and take it back.

use auth_api_key::Authenticator;

use crate::{failure::Failure, one_key::OneKey, output::show};

/// Archive a key: it is refused until `unarchive`
#[derive(clap::Args)]
pub(crate) struct Archive {
    #[command(flatten)]
    key: OneKey,
}

/// Take back an archived key
#[derive(clap::Args)]
pub(crate) struct Unarchive {
    #[command(flatten)]
    key: OneKey,
}

pub(crate) async fn archive(arguments: Archive, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    show(&auth.keys().archive(&name).await?, output)
}

pub(crate) async fn unarchive(arguments: Unarchive, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    show(&auth.keys().unarchive(&name).await?, output)
}
