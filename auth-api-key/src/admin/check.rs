//! The page on which a manager finds out whether a text would be admitted, and if not, why.

use std::{net::IpAddr, sync::Arc};

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::{Frame, Moment, Refusal, shown},
    keys::Listed,
    search::{Pasted, issued},
    sent::Sent,
};
use crate::{error::Error, rejection::Reason};

#[derive(Template)]
#[template(path = "admin/check.html")]
struct CheckPage<'a> {
    frame: &'a Frame,
    sent: &'a Sent,
    checked: Option<Checked>,
}

impl CheckPage<'_> {
    /// What was typed, unless it is the text of a key in the wrong field.
    fn typed(&self, field: &str) -> &str {
        let typed = self.sent.field(field);
        if issued(typed).is_some() { "" } else { typed }
    }
}

/// What a server would answer.
struct Checked {
    /// The key with the text, if there is one.
    key: Option<Listed>,
    /// Until when the text works, if the key has a newer one.
    older_until: Option<Moment>,
    refused: Option<Refused>,
}

struct Refused {
    /// The id of the text that says why.
    why: &'static str,
    /// The status and the code that a caller gets.
    answer: String,
}

pub(super) async fn page(frame: Frame, sent: Sent) -> Response {
    if sent.has_text_of_a_key() {
        return Redirect::to("check-key").into_response();
    }
    shown(&CheckPage {
        frame: &frame,
        sent: &sent,
        checked: None,
    })
}

pub(super) async fn check(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let check = async |frame: &Frame| {
        let address: Option<IpAddr> = match sent.given("address") {
            Some(address) => {
                let address = address.parse();
                Some(address.map_err(|_| Refusal::Text("refused-address"))?)
            }
            None => None,
        };
        let text = sent.field("check-text");
        let checked = match shared.find_pasted(text).await? {
            Some(found) => Some(
                shared
                    .checked(found, &sent.codes("groups"), address)
                    .await?,
            ),
            None if text.trim().is_empty() => None,
            None => Some(Checked {
                key: None,
                older_until: None,
                refused: Some(Refused {
                    why: match issued(text) {
                        Some(_) => "check-unknown-issued",
                        None => "check-unknown",
                    },
                    answer: shared.status_and_code(Reason::UnknownKey),
                }),
            }),
        };
        Ok(shown(&CheckPage {
            frame,
            sent: &sent,
            checked,
        }))
    };
    frame.answer(check).await
}

impl Shared {
    fn status_and_code(&self, reason: Reason) -> String {
        let status = self.auth.answers().status_of(reason).as_u16();
        format!("{status} {}", reason.code())
    }

    async fn checked(
        &self,
        Pasted { key, is_inside }: Pasted,
        groups: &[String],
        address: Option<IpAddr>,
    ) -> Result<Checked, Error> {
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let refused = self.auth.check(&key, &groups, || address).err();
        let text_until = key.expires_at;
        // An older text of a rotated key expires before the key.
        let newest = self.auth.keys().get(&key.name).await?;
        let key = Listed::new(newest.unwrap_or_else(|| (*key).clone()), self);
        let is_expired = (key.record.expires_at).is_some_and(|expiry| expiry <= self.now());
        let refused = refused.map(|reason| Refused {
            answer: self.status_and_code(reason),
            why: match reason {
                Reason::ArchivedKey => "check-archived-key",
                Reason::ExpiredKey if is_expired => "check-expired-key",
                Reason::ExpiredKey => "check-rotated",
                Reason::ArchivedUser => "check-archived-user",
                Reason::UnreadableKey => "check-unreadable-key",
                Reason::ForbiddenGroup => "check-forbidden-group",
                Reason::ForbiddenNetwork => "check-forbidden-network",
                Reason::UnknownNetwork => "check-unknown-network",
                Reason::MissingKey | Reason::SentTwice | Reason::UnknownKey => "check-unknown",
                Reason::Unavailable => "check-unavailable",
            },
        });
        let is_older = text_until != key.record.expires_at && refused.is_none() && !is_inside;
        let inside = || Refused {
            answer: self.status_and_code(Reason::UnknownKey),
            why: "check-inside",
        };
        Ok(Checked {
            older_until: text_until.filter(|_| is_older).map(Moment),
            key: Some(key),
            refused: if is_inside { Some(inside()) } else { refused },
        })
    }
}
