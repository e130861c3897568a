//! What went wrong, as it is said on standard error, and the exit code for it.

use std::io;

use auth_api_key::Error;

/// Exit code of `verify` for a key that is refused.
pub(crate) const REFUSED: u8 = 4;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Something else must be written.
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Failed(String),
    #[error("{error}\nhelp: {help}")]
    Explained { error: Error, help: String },
    #[error(transparent)]
    Library(#[from] Error),
    #[error("standard input cannot be read: {0}")]
    Input(io::Error),
    #[error("standard output cannot be written: {0}")]
    Output(io::Error),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Library(error) | Self::Explained { error, .. } => match error {
                Error::NoSuchKey { .. } | Error::NoSuchUser { .. } | Error::NoSuchGroup { .. } => 3,
                _ => 1,
            },
            Self::Failed(_) | Self::Input(_) | Self::Output(_) => 1,
        }
    }
}
