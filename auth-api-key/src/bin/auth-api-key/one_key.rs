//! The key that a command is about.

use auth_api_key::{Authenticator, Error, error::StateError, key::KeyRecord};

use crate::output::Output;

#[derive(clap::Args)]
pub(crate) struct OneKey {
    /// The key's name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// The key with this name; an error if there is none.
pub(crate) async fn existing(auth: &Authenticator, name: &str) -> Result<KeyRecord, Error> {
    auth.keys().get(name).await?.ok_or_else(|| {
        Error::State(StateError::NoSuchKey {
            name: name.to_owned(),
        })
    })
}
