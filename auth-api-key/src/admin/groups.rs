//! The groups.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    frame::{Frame, address, shown},
};
use crate::key::{Group, Paging};

#[derive(Template)]
#[template(path = "admin/groups.html")]
struct GroupsPage {
    frame: Frame,
    groups: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    group: Group,
    /// Whether its keys may see the pages.
    is_of_operators: bool,
}

impl Listed {
    /// Of the list of its keys.
    fn keys(&self) -> String {
        address("keys", [("group", self.group.code.as_str())])
    }
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let listed = async {
        let after = query.get("after").map(|after| after.parse()).transpose()?;
        shared.auth.groups().list(&Paging::new().after(after)).await
    };
    match listed.await {
        Ok(page) => {
            let listed = |group: Group| Listed {
                is_of_operators: shared.is_of_operators(&group.code),
                group,
            };
            let next = page.next.map(|cursor| cursor.to_string());
            let next = next.map(|next| address("groups", [("after", next.as_str())]));
            let groups = page.items.into_iter().map(listed).collect();
            shown(&GroupsPage {
                frame,
                groups,
                next,
            })
        }
        Err(error) => frame.failed(&error),
    }
}

pub(super) async fn put(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let field = |name: &str| sent.get(name).map_or("", |value| value.trim());
    let groups = shared.auth.groups().acting_as(frame.actor());
    match groups.put(field("code"), field("name")).await {
        Ok(()) => Redirect::to("groups").into_response(),
        Err(error) => frame.failed(&error),
    }
}

pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    frame: Frame,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let code = sent.get("code").map_or("", String::as_str);
    if shared.is_of_operators(code) {
        return frame.refused("refused-operators-group");
    }
    if sent.get("typed-code").map(|typed| typed.trim()) != Some(code) {
        return frame.refused("refused-typed-name");
    }
    let groups = shared.auth.groups().acting_as(frame.actor());
    match groups.delete(code).await {
        Ok(_) => Redirect::to("groups").into_response(),
        Err(error) => frame.failed(&error),
    }
}
