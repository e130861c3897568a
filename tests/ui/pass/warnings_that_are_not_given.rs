//! What looks like a suspicious route, and is none; and suspicious ones that are meant.

#![deny(warnings)]

use auth_api_key::{controller, route};
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

#[route("/partner", auth = "none")]
#[expect(dead_code, reason = "not mounted yet")]
async fn expected_to_be_unused() {}

#[route("/partner/", auth = "none")]
#[expect(deprecated)]
pub async fn expected_of_the_path() {}

#[route("/partner", auth = "none")]
#[expect(unused_variables)]
pub async fn expected_of_the_body() {
    let number = 1;
}

#[route("/partner?name", auth = "none")]
pub async fn allowed_of_an_argument(
    #[allow(unused_variables)] name: String,
    #[cfg_attr(all(), expect(unused_variables))] headers: axum::http::HeaderMap,
) {
}

#[route("/partner", auth = "none")]
pub async fn bounds()
where
    String: Clone,
    Option<u8>: Send,
{
}

pub struct Shop;

#[controller("/shop", auth = "none")]
#[expect(unused_variables)]
impl Shop {
    #[route("/orders/")]
    #[cfg_attr(all(), expect(dead_code, deprecated))]
    async fn expected_of_a_method() {
        let number = 1;
    }
}

pub fn main() {}
