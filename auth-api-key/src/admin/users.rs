//! The page of users.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::{Frame, shown},
    sent::{Sent, address},
};
use crate::{
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
        let users = shared.auth.users().acting_as(frame.actor());
        let users = users.keeping(shared.access.managers());
        users.archive(sent.field("user")).await?;
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
        let others = shared.other_operators().await?;
        let others = others.iter().map(String::as_str);
        for group in shared.access.groups().into_iter().chain(others) {
            let keys = KeyFilter::new().user(user).group(group).size(1);
            if !shared.auth.keys().list(&keys).await?.items.is_empty() {
                shared
                    .require_confirmation(frame, [group], &sent, caller)
                    .await?;
            }
        }
        let users = shared.auth.users().acting_as(frame.actor());
        users.unarchive(user).await?;
        Ok(Redirect::to("users").into_response())
    };
    frame.answer(unarchive).await
}
