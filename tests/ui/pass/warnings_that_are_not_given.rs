//! What looks like a suspicious route, and is none; and suspicious ones that are meant.

#![deny(warnings)]

use auth_api_key::route;
use axum::{Form, Json};

#[route("/", auth = "none")]
pub async fn root() {}

#[route(["/partner", "/partner/"], auth = "none")]
pub async fn both_paths() {}

#[route("/partner", auth = "none", methods = ["GET", "POST"])]
pub async fn body_of_a_post_request(body: String) {
    let _ = body;
}

#[route("/partner?name", auth = "none", methods = ["GET"])]
pub async fn query_parameter(name: String) {
    let _ = name;
}

#[route("/partner", auth = "none", methods = ["GET"])]
pub async fn form_from_the_query_string(form: Form<Vec<(String, String)>>) {
    let _ = form;
}

#[route("/partner/", auth = "none", methods = ["GET"])]
#[allow(deprecated)]
pub async fn meant(body: Json<u8>) {
    let _ = body;
}

fn main() {}
