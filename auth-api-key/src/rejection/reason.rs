//! Why a request is refused, and what the caller may know of it.

use axum::http::StatusCode;

/// Why a request is refused.
///
/// The log has the exact reason. The caller's answer is coarser: all invalid keys get the same answer, so
/// that nobody learns whether a guessed key exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// No key was sent, or an empty one.
    MissingKey,
    /// More than one key was sent.
    SentTwice,
    /// No key has the text that was sent.
    UnknownKey,
    /// The key is archived.
    ArchivedKey,
    /// The key has expired.
    ExpiredKey,
    /// The key's user is archived.
    ArchivedUser,
    /// The key's row in the store cannot be read: the log names the column.
    UnreadableKey,
    /// The key is in none of the groups that the route asks for.
    ForbiddenGroup,
    /// The key may not be used from the network of the caller.
    ForbiddenNetwork,
    /// The key has networks, and the server does not know the caller's address: serve the router by
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    UnknownNetwork,
    /// The key store could not be asked.
    Unavailable,
}

/// What the caller may know: every reason has one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    MissingKey,
    InvalidKey,
    ForbiddenGroup,
    ForbiddenNetwork,
    Unavailable,
}

impl Case {
    pub(super) const ALL: [Self; 5] = [
        Self::MissingKey,
        Self::InvalidKey,
        Self::ForbiddenGroup,
        Self::ForbiddenNetwork,
        Self::Unavailable,
    ];

    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::MissingKey | Self::InvalidKey => StatusCode::UNAUTHORIZED,
            Self::ForbiddenGroup | Self::ForbiddenNetwork => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::MissingKey => "missing_api_key",
            Self::InvalidKey => "invalid_api_key",
            Self::ForbiddenGroup => "forbidden_group",
            Self::ForbiddenNetwork => "forbidden_network",
            Self::Unavailable => "unavailable",
        }
    }

    pub(super) fn detail(self) -> &'static str {
        match self {
            Self::MissingKey => "This resource asks for an API key.",
            Self::InvalidKey => "The API key is not valid.",
            Self::ForbiddenGroup => "The API key is valid, but not for this resource.",
            Self::ForbiddenNetwork => "The API key is valid, but not from this network.",
            Self::Unavailable => "API keys cannot be checked at the moment.",
        }
    }
}

impl Reason {
    /// Every reason, and what metrics call it.
    #[cfg(feature = "metrics")]
    pub(crate) const LABELS: [(Self, &str); 11] = [
        (Self::MissingKey, "missing_key"),
        (Self::SentTwice, "sent_twice"),
        (Self::UnknownKey, "unknown_key"),
        (Self::ArchivedKey, "archived_key"),
        (Self::ExpiredKey, "expired_key"),
        (Self::ArchivedUser, "archived_user"),
        (Self::UnreadableKey, "unreadable_key"),
        (Self::ForbiddenGroup, "forbidden_group"),
        (Self::ForbiddenNetwork, "forbidden_network"),
        (Self::UnknownNetwork, "unknown_network"),
        (Self::Unavailable, "unavailable"),
    ];

    pub(super) fn case(self) -> Case {
        match self {
            Self::MissingKey => Case::MissingKey,
            Self::SentTwice
            | Self::UnknownKey
            | Self::ArchivedKey
            | Self::ExpiredKey
            | Self::ArchivedUser
            | Self::UnreadableKey => Case::InvalidKey,
            Self::ForbiddenGroup => Case::ForbiddenGroup,
            Self::ForbiddenNetwork | Self::UnknownNetwork => Case::ForbiddenNetwork,
            Self::Unavailable => Case::Unavailable,
        }
    }

    /// The `detail` of the answer.
    #[cfg(feature = "openapi")]
    pub(crate) fn detail(self) -> &'static str {
        self.case().detail()
    }

    /// The `code` of the answer, such as `invalid_api_key`.
    pub fn code(self) -> &'static str {
        self.case().code()
    }

    /// The status of the answer, unless [`Builder::answers`](crate::Builder::answers) says
    /// otherwise.
    pub fn status(self) -> StatusCode {
        self.case().status()
    }
}
