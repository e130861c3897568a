//! Why a command failed: the message on standard error, and the exit code.

use std::{error::Error as StdError, io, iter::successors};

use auth_api_key::{
    Error,
    error::{InputError, StateError, UncertainChange},
};

/// Exit code of `verify` for a key that is refused.
pub(crate) const REFUSED: u8 = 4;

/// Exit code of `list --expiring-within` if there are such keys.
pub(crate) const EXPIRING: u8 = 5;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command must be written differently.
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Failed(String),
    #[error("{}\nhelp: {help}", message(error))]
    Explained { error: Error, help: String },
    #[error("{}", message(.0))]
    Library(Error),
    #[error("standard input cannot be read: {0}")]
    Input(io::Error),
    #[error("standard output cannot be written: {0}")]
    Output(io::Error),
    /// Standard error cannot be written, either: nobody has the text that was issued.
    #[error("neither standard output nor standard error can be written: {0}")]
    Lost(io::Error),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Library(error.into())
    }
}

/// An error and its causes. It leaves out "the key store failed", which its cause makes clear.
pub(crate) fn message(error: &Error) -> String {
    let (first, doubt): (&dyn StdError, _) = match error {
        Error::Store(cause) => match cause.downcast_ref::<UncertainChange>() {
            Some(change) => (change.cause(), "; the change may not have been made"),
            None => (&**cause, ""),
        },
        error => (error, ""),
    };
    let causes = successors(first.source(), |cause| (*cause).source());
    let text = causes.fold(first.to_string(), |text, cause| format!("{text}: {cause}"));
    text + doubt
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Library(error) | Self::Explained { error, .. } => match error {
                Error::Input(InputError::UnusableNetwork { .. }) => 2,
                Error::State(
                    StateError::NoSuchKey { .. }
                    | StateError::NoSuchUser { .. }
                    | StateError::NoSuchGroup { .. },
                ) => 3,
                _ => 1,
            },
            Self::Failed(_) | Self::Input(_) | Self::Output(_) | Self::Lost(_) => 1,
        }
    }
}
