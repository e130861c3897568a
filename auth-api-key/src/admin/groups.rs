//! The page of groups.

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
use crate::key::{Group, Paging};

#[derive(Template)]
#[template(path = "admin/groups.html")]
struct GroupsPage<'a> {
    frame: &'a Frame,
    groups: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    group: Group,
    /// Whether its keys may see the pages.
    is_of_operators: bool,
}

impl Listed {
    /// The address of the list of its keys.
    fn keys(&self) -> String {
        address("keys", [("group", self.group.code.as_str())])
    }
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let page = async |frame: &Frame| {
        let paging = Paging::new().after(sent.after()?);
        let page = shared.auth.groups().list(&paging).await?;
        let listed = |group: Group| Listed {
            is_of_operators: shared.is_of_operators(&group.code),
            group,
        };
        Ok(shown(&GroupsPage {
            frame,
            next: sent.next_page("groups", page.next),
            groups: page.items.into_iter().map(listed).collect(),
        }))
    };
    frame.answer(page).await
}

pub(super) async fn put(State(shared): State<Arc<Shared>>, frame: Frame, sent: Sent) -> Response {
    let put = async |frame: &Frame| {
        let groups = shared.auth.groups().acting_as(frame.actor());
        groups.put(sent.typed("code"), sent.typed("name")).await?;
        Ok(Redirect::to("groups").into_response())
    };
    frame.answer(put).await
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    sent: Sent,
) -> Response {
    let delete = async |frame: &Frame| {
        let code = sent.field("code");
        if shared.is_of_operators(code) {
            return Err(Refusal::Text("refused-operators-group"));
        }
        if shared
            .other_operator_groups()
            .await?
            .iter()
            .any(|other| other == code)
        {
            return Err(Refusal::Text("refused-other-operators"));
        }
        if sent.typed("typed-code") != code {
            return Err(Refusal::Text("refused-typed-name"));
        }
        let groups = shared.auth.groups().acting_as(frame.actor());
        groups.delete(code).await?;
        Ok(Redirect::to("groups").into_response())
    };
    frame.answer(delete).await
}
