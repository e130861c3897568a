//! Routes that look alike and do not overlap: none of these lists is refused.

#![allow(deprecated)]

use auth_api_key::{Authenticator, Routes, route, routes};
use axum::Router;

#[route("/orders/{id}", auth = "none", methods = ["GET", "HEAD"])]
async fn read(id: u32) {
    let _ = id;
}

#[route("/orders/{id}", auth = "none", methods = ["PUT", "DELETE"])]
async fn write(id: u32) {
    let _ = id;
}

#[route("/orders/{name}/lines", auth = "none")]
async fn lines(name: String) {
    let _ = name;
}

#[route("/orders/new", auth = "none")]
async fn new() {}

#[route("/orders/{{id}}", auth = "none")]
async fn literal() {}

#[route("/Orders/{id}", auth = "none")]
async fn upper_case(id: u32) {
    let _ = id;
}

#[route("/orders", auth = "none")]
async fn all() {}

#[route("/orders/", auth = "none")]
async fn slash() {}

#[route("/files/a{*rest}", auth = "none")]
async fn some_files(rest: String) {
    let _ = rest;
}

#[route("/files/{{*}}", auth = "none")]
async fn star() {}

#[route("/files/{name}", auth = "none")]
async fn file(name: String) {
    let _ = name;
}

macro_rules! listed {
    ($($handler:path),*) => {
        routes![$($handler),*]
    };
}

/// A state that is not known yet.
fn generic<S: Clone + Send + Sync + 'static>() -> Routes<S> {
    routes![read, write]
}

pub fn main() {
    let app: Router<Authenticator> = Router::new();
    let _ = app.merge(routes![
        read, write, lines, new, literal, upper_case, all, slash, some_files, star, file
    ]);
    let _: Router = generic().into();
    let _: Routes<()> = routes![all];
    let _: Routes<()> = routes![];
    let _: Routes<()> = listed![self::read, write];
    // Each list is checked by itself.
    let _: (Routes<()>, Routes<()>) = (routes![all], routes![all]);
}
