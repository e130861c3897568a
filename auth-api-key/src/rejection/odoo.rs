//! The exceptions of Odoo in its answers to requests that are refused.

use super::reason::Case;

/// An exception of Odoo, with the text that its clients know.
pub(super) struct Exception {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) arguments: &'static [&'static str],
}

const UNAUTHORIZED: Exception = Exception {
    name: "werkzeug.exceptions.Unauthorized",
    text: "401 Unauthorized: The server could not verify that you are authorized to access the URL \
           requested. You either supplied the wrong credentials (e.g. a bad password), or your \
           browser doesn't understand how to supply the credentials required.",
    arguments: &[],
};
const ACCESS_DENIED: Exception = Exception {
    name: "odoo.exceptions.AccessDenied",
    text: "Access Denied",
    arguments: &["Access Denied"],
};
const SERVICE_UNAVAILABLE: Exception = Exception {
    name: "werkzeug.exceptions.ServiceUnavailable",
    text: "503 Service Unavailable: API keys cannot be checked at the moment.",
    arguments: &[],
};

/// The exception that Odoo raises in this case.
pub(super) fn exception(case: Case) -> &'static Exception {
    match case {
        Case::MissingKey => &UNAUTHORIZED,
        Case::InvalidKey | Case::ForbiddenGroup | Case::ForbiddenNetwork => &ACCESS_DENIED,
        Case::Unavailable => &SERVICE_UNAVAILABLE,
    }
}
