//! The program's routes: who may call what.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    Shared,
    frame::{Frame, shown},
};
use crate::route::RouteInfo;

/// A route under its whole path.
pub(super) struct Row {
    path: String,
    methods: String,
    auth: &'static str,
    pub(super) groups: Vec<&'static str>,
    handler: &'static str,
}

impl From<(String, &RouteInfo)> for Row {
    fn from((path, route): (String, &RouteInfo)) -> Self {
        Self {
            path,
            methods: route.methods.join(", "),
            auth: route.auth,
            groups: route.groups.to_vec(),
            handler: route.handler,
        }
    }
}

#[derive(Template)]
#[template(path = "admin/routes.html")]
struct RoutesPage<'a> {
    frame: &'a Frame,
    rows: &'a [Row],
}

pub(super) async fn page(State(shared): State<Arc<Shared>>, frame: Frame) -> Response {
    let (frame, rows) = (&frame, &*shared.routes);
    shown(&RoutesPage { frame, rows })
}
