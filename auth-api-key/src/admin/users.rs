//! The page of users.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::{Frame, Refusal, shown},
    sent::{Sent, address},
};
use crate::{
    error::Error,
    extract::Caller,
    key::{KeyFilter, Paging, User},
};

#[derive(Template)]
#[template(path = "admin/users.html")]
struct UsersPage<'a> {
    frame: &'a Frame,
    users: Vec<Listed>,
    next: Option<String>,
}

struct Listed(User);

impl Listed {
    /// The address of the list of their keys.
    fn keys(&self) -> String {
        address("keys", [("user", self.0.id.as_str())])
    }
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let page = async |frame: &Frame| {
        let paging = Paging::new().after(sent.after()?);
        let page = shared.auth.users().list(&paging).await?;
        Ok(shown(&UsersPage {
            frame,
            next: sent.next_page("users", page.next),
            users: page.items.into_iter().map(Listed).collect(),
        }))
    };
    frame.answer(page).await
}

pub(super) async fn archive(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    sent: Sent,
) -> Response {
    let archive = async |frame: &Frame| {
        let user = sent.field("user");
        shared.require_no_other_operators_user(user).await?;
        let users = shared.auth.users().acting_as(frame.actor());
        let users = users.keeping(shared.access.managers());
        users.archive(user).await?;
        Ok(Redirect::to("users").into_response())
    };
    frame.answer(archive).await
}

pub(super) async fn unarchive(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    caller: Caller,
    sent: Sent,
) -> Response {
    let unarchive = async |frame: &Frame| {
        let user = sent.field("user");
        for group in shared.access.groups() {
            if shared.has_key_in(user, group).await? {
                shared
                    .require_confirmation(frame, [group], &sent, caller)
                    .await?;
            }
        }
        shared.require_no_other_operators_user(user).await?;
        let users = shared.auth.users().acting_as(frame.actor());
        users.unarchive(user).await?;
        Ok(Redirect::to("users").into_response())
    };
    frame.answer(unarchive).await
}

impl Shared {
    /// Refuses to change a user who has a key of an operator of other pages.
    async fn require_no_other_operators_user(&self, user: &str) -> Result<(), Refusal> {
        for group in self.other_operator_groups().await? {
            if self.has_key_in(user, &group).await? {
                return Err(Refusal::Text("refused-other-operators"));
            }
        }
        Ok(())
    }

    /// Whether a user has a key in a group.
    async fn has_key_in(&self, user: &str, group: &str) -> Result<bool, Error> {
        let keys = KeyFilter::new().user(user).group(group).size(1);
        Ok(!self.auth.keys().list(&keys).await?.items.is_empty())
    }
}
