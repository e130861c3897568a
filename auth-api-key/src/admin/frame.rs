//! What all pages have in common: the language, who is signed in, the menu, times.

use std::{
    borrow::Borrow,
    convert::Infallible,
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{HeaderName, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use humantime::format_rfc3339_seconds;

use super::{Shared, cookies::Cookies, language::Language, visitor::Visitor};
use crate::{
    error::{Error, StateError, chain},
    key::{COUNTED_KEYS, LONGEST_ACTOR},
};

/// The addresses of the menu, and the ids of their texts.
const MENU: [(&str, &str); 6] = [
    ("keys", "keys"),
    ("keys?expiring=30&state=active", "expiring-soon"),
    ("groups", "groups"),
    ("users", "users"),
    ("trail", "trail"),
    ("routes", "routes"),
];

/// What each page has.
pub(super) struct Frame {
    language: &'static Language,
    pub(super) visitor: Option<Visitor>,
    /// The token of forms.
    pub(super) form: String,
    /// The page: the last part of its address.
    pub(super) page: String,
    /// Whether somebody else changes the keys, such as an Odoo.
    pub(super) is_read_only: bool,
    /// Whether there is a page for signing in, and so a way to sign out.
    pub(super) signs_in: bool,
    /// The address of the page with its query, for the form that chooses a language.
    pub(super) here: String,
}

impl FromRequestParts<Arc<Shared>> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Infallible> {
        let cookies = parts.extensions.get::<Cookies>();
        let chosen = cookies.and_then(|cookies| cookies.chosen_language(&parts.headers));
        let chosen = chosen.and_then(|tag| Language::tagged(&tag));
        let accepted = || {
            let header = parts.headers.get(header::ACCEPT_LANGUAGE);
            Language::accepted(header.and_then(|value| value.to_str().ok()).unwrap_or(""))
        };
        let visitor: Option<Visitor> = parts.extensions.get().cloned();
        // The answer to a form has no address of its own.
        let here = parts
            .uri
            .path_and_query()
            .filter(|_| parts.method == Method::GET);
        let here = here.map_or("/keys", |here| here.as_str());
        Ok(Self {
            language: chosen.unwrap_or_else(accepted),
            form: visitor
                .as_ref()
                .map_or_else(String::new, |visitor| visitor.token.form()),
            visitor,
            page: parts.uri.path().trim_start_matches('/').to_owned(),
            is_read_only: shared.is_read_only(),
            signs_in: shared.signs_in(),
            here: here.trim_start_matches('/').to_owned(),
        })
    }
}

impl Frame {
    /// The text with this id.
    pub(super) fn t(&self, id: impl AsRef<str>) -> String {
        self.language.text(id.as_ref())
    }

    pub(super) fn with(&self, id: &str, text: impl AsRef<str>) -> String {
        self.language.with_text(id, text.as_ref())
    }

    pub(super) fn count(&self, id: &str, number: impl Borrow<u64>) -> String {
        self.language.with_number(id, *number.borrow())
    }

    /// How many keys a group or a user has.
    pub(super) fn counted(&self, keys: &u64) -> String {
        match *keys > COUNTED_KEYS {
            true => self.t("keys-many"),
            false => self.count("keys-count", keys),
        }
    }

    pub(super) fn menu(&self) -> [(&'static str, &'static str); 6] {
        MENU
    }

    /// Whether this is the page that the menu has at this address.
    pub(super) fn is_at(&self, address: &str) -> bool {
        match MENU.iter().any(|(address, _)| self.here == *address) {
            true => self.here == address,
            false => self.page == address,
        }
    }

    /// The sign of a state, for readers who do not see its colour.
    pub(super) fn sign(&self, state: &str) -> &'static str {
        match state {
            "active" | "user-active" => "●",
            "archived" | "user-archived" => "■",
            _ => "▲",
        }
    }

    pub(super) fn tag(&self) -> String {
        self.language.tag.to_string()
    }

    pub(super) fn languages(&self) -> &'static [Language] {
        Language::all()
    }

    pub(super) fn is_written_in(&self, language: &Language) -> bool {
        self.language.tag == language.tag
    }

    /// Whether the page may have forms that change something.
    pub(super) fn may_change(&self) -> bool {
        !self.is_read_only && self.manager_sees()
    }

    /// Whether a manager sees the page.
    pub(super) fn manager_sees(&self) -> bool {
        let visitor = self.visitor.as_ref();
        visitor.is_some_and(|visitor| visitor.is_manager)
    }

    /// Whether the visitor has a key to confirm with.
    pub(super) fn confirms(&self) -> bool {
        self.visitor
            .as_ref()
            .is_some_and(|visitor| visitor.key.is_some())
    }

    /// Who is signed in, as the trail says it: `alice (key 17)`. A manager can rename the key, and the id
    /// stays. A visitor without a key whose name contains ` (key ` gets ` (no key)`, so that nobody takes them for one
    /// with a key.
    pub(super) fn actor(&self) -> String {
        let Some(Visitor { name, key, .. }) = &self.visitor else {
            return String::new();
        };
        // The name is cut: the trail takes `LONGEST_ACTOR` bytes at most.
        let with = |end: &str| {
            let longest = LONGEST_ACTOR - end.len();
            let mut ends = (0..=name.len().min(longest)).rev();
            let cut = ends.find(|at| name.is_char_boundary(*at));
            format!("{}{end}", &name[..cut.unwrap_or(0)])
        };
        match key {
            Some(id) => with(&format!(" (key {id})")),
            None if with("").contains(" (key ") => with(" (no key)"),
            None => with(""),
        }
    }

    /// The answer that `make` gives, or the page that says why there is none.
    pub(super) async fn answer(
        self,
        make: impl AsyncFnOnce(&Self) -> Result<Response, Refusal>,
    ) -> Response {
        match make(&self).await {
            Ok(answer) => answer,
            Err(Refusal::Error(error)) => self.failed(&error),
            Err(Refusal::Text(id)) => {
                self.refusal(StatusCode::UNPROCESSABLE_ENTITY, id, String::new())
            }
            Err(Refusal::UnknownGroup(code)) => {
                let what = self.with("refused-unknown-group", code);
                self.explained(StatusCode::UNPROCESSABLE_ENTITY, what, String::new())
            }
            Err(Refusal::MustWait(left)) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                let page = self.refusal(status, "sign-in-too-many", String::new());
                (retry_after(left), page).into_response()
            }
        }
    }

    /// The page that says why something could not be done.
    pub(super) fn failed(&self, error: &Error) -> Response {
        let (status, id) = match error {
            Error::State(StateError::NoSuchKey { .. }) => (StatusCode::NOT_FOUND, "failed-no-key"),
            Error::State(StateError::LastInGroup { .. }) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return self.refusal(status, "refused-last-manager", String::new());
            }
            Error::Input(_) | Error::State(_) => (StatusCode::UNPROCESSABLE_ENTITY, "failed-input"),
            _ => {
                let error: &dyn std::error::Error = error;
                tracing::error!(error, "a page cannot be shown");
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return self.refusal(status, "failed-store", String::new());
            }
        };
        self.refusal(status, id, chain(error))
    }

    pub(super) fn refusal(&self, status: StatusCode, id: &str, reason: String) -> Response {
        self.explained(status, self.t(id), reason)
    }

    fn explained(&self, status: StatusCode, what: String, reason: String) -> Response {
        let page = FailedPage {
            frame: self,
            what,
            reason,
        };
        (status, shown(&page)).into_response()
    }
}

/// Why there is no page, or nothing is changed.
pub(super) enum Refusal {
    /// The library says so.
    Error(Error),
    /// The pages say so: the text with this id.
    Text(&'static str),
    /// There is no group with this code.
    UnknownGroup(String),
    /// Too many keys that were sent from this address were refused.
    MustWait(Duration),
}

/// When to try again.
pub(super) fn retry_after(left: Duration) -> [(HeaderName, String); 1] {
    [(header::RETRY_AFTER, (left.as_secs() + 1).to_string())]
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

#[derive(Template)]
#[template(path = "admin/failed.html")]
struct FailedPage<'a> {
    frame: &'a Frame,
    what: String,
    reason: String,
}

/// A page as an answer.
pub(super) fn shown(page: &impl Template) -> Response {
    match page.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "a page cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A time: machines and the script read it as RFC 3339, and readers without script in UTC.
pub(super) struct Moment(pub(super) SystemTime);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // RFC 3339 cannot write a time after the year 9999.
        let last = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
        format_rfc3339_seconds(self.0.clamp(UNIX_EPOCH, last)).fmt(f)
    }
}

impl Moment {
    /// `2027-01-31 12:00 UTC`
    pub(super) fn in_utc(&self) -> String {
        let text = self.to_string();
        match text.split_once('T') {
            Some((day, time)) => format!("{day} {} UTC", time.get(..5).unwrap_or(time)),
            None => text,
        }
    }

    /// `2027-01-31`
    pub(super) fn day(&self) -> String {
        self.to_string()
            .chars()
            .take_while(|char| *char != 'T')
            .collect()
    }
}
