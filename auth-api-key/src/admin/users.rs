//! The users.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::{Frame, address, shown},
    key::{Refusal, Sent},
};
use crate::{
    extract::Caller,
    key::{KeyFilter, Paging, User},
};

#[derive(Template)]
#[template(path = "admin/users.html")]
struct UsersPage {
    frame: Frame,
    users: Vec<Listed>,
    next: Option<String>,
}

struct Listed(User);

impl Listed {
    /// Of the list of their keys.
    fn keys(&self) -> String {
        address("keys", [("user", self.0.id.as_str())])
    }
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let listed = async {
        let after = query.get("after").map(|after| after.parse()).transpose()?;
        shared.auth.users().list(&Paging::new().after(after)).await
    };
    match listed.await {
        Ok(page) => {
            let next = page.next.map(|cursor| cursor.to_string());
            let next = next.map(|next| address("users", [("after", next.as_str())]));
            let users = page.items.into_iter().map(Listed).collect();
            shown(&UsersPage { frame, users, next })
        }
        Err(error) => frame.failed(&error),
    }
}

pub(super) async fn archive(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let sent = Sent(sent);
    let archived = async {
        let user = sent.field("user");
        shared.leaves_a_manager(|key| key.user != user).await?;
        let users = shared.auth.users().acting_as(frame.actor());
        users.archive(user).await?;
        Ok::<_, Refusal>(())
    };
    match archived.await {
        Ok(()) => Redirect::to("users").into_response(),
        Err(refusal) => refusal.page(frame),
    }
}

pub(super) async fn unarchive(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    caller: Caller,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let sent = Sent(sent);
    let unarchived = async {
        let user = sent.field("user");
        for group in shared.access.groups() {
            let keys = KeyFilter::new().user(user).group(group).size(1);
            if !shared.auth.keys().list(&keys).await?.items.is_empty() {
                let group = group.to_owned();
                shared.confirmed(&frame, [&group], &sent, caller).await?;
            }
        }
        let users = shared.auth.users().acting_as(frame.actor());
        users.unarchive(user).await?;
        Ok::<_, Refusal>(())
    };
    match unarchived.await {
        Ok(()) => Redirect::to("users").into_response(),
        Err(refusal) => refusal.page(frame),
    }
}
