//! What a document says of the module `odoo`, of `type = "form"`, and of whole bodies of calls.

use auth_api_key::{
    Authenticator, Routes,
    odoo::{
        Conflict, File, FileResponse, Float, Int, Kwargs, MissingError, SessionExpiredException,
        Slug, Text, Upload, UserError,
    },
    openapi::utoipa::{self, ToSchema},
    route, routes,
    routing::JsonRequest,
};
use axum::{Json, body::Bytes, http::HeaderMap};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::kinds::assert_reviewed;

#[derive(Deserialize, ToSchema)]
struct Ticket {
    #[expect(dead_code)]
    subject: String,
    #[expect(dead_code)]
    order: Option<Int<1, 99>>,
}

#[derive(Deserialize, ToSchema)]
struct WithFiles {
    #[expect(dead_code)]
    files: Vec<Upload>,
}

#[route("/int/{id}/{x}/{slug}/{code}/{lang}", auth = "none", methods = ["GET"])]
async fn converters(id: Int, x: Float, slug: Slug, code: Text, lang: Text<2, 5>) {
    let _ = (id, x, slug, code, lang);
}

#[route("/ticket", auth = "none", methods = ["GET", "POST"])]
async fn ticket(_: Kwargs<Ticket>) -> Result<String, UserError> {
    Err(UserError::new("no"))
}

#[route("/with_files", auth = "none", methods = ["POST"])]
async fn with_files(_: Kwargs<WithFiles>) -> Result<(), MissingError> {
    Err(MissingError::new("no"))
}

#[route("/anything", auth = "none", methods = ["POST"])]
async fn anything(_: Kwargs<Map<String, Value>>) -> Result<(), SessionExpiredException> {
    Ok(())
}

#[route("/form?a&b&c", auth = "api_key", type = "form", methods = ["GET", "POST"])]
async fn form(a: Int<1, 9>, b: Option<String>, c: Vec<u8>) -> Result<(), Conflict> {
    let _ = (a, b, c);
    Err(Conflict::default())
}

#[route("/files?file&more", auth = "none", type = "form", methods = ["POST"], cors = ["https://a.example", "https://b.example"], cors_headers = ["X-Total"])]
async fn files(file: Upload, more: Vec<Upload>) {
    let _ = (file, more);
}

#[route("/whole", auth = "none", type = "jsonrpc", methods = ["POST"])]
async fn whole(_: JsonRequest<Ticket>, _: Bytes) -> u8 {
    0
}

#[route("/whole_and_named?a", auth = "none", type = "jsonrpc", methods = ["POST"])]
async fn whole_and_named(a: u8, _: JsonRequest<Ticket>) -> u8 {
    a
}

#[route("/bytes", auth = "none", type = "jsonrpc", methods = ["POST"])]
async fn bytes(_: Bytes) -> u8 {
    0
}

#[route("/file", auth = "none", methods = ["GET"])]
async fn file(headers: HeaderMap) -> FileResponse {
    File::new("").answer(&headers)
}

#[route("/raised", auth = "none", methods = ["GET"])]
async fn raised() -> Result<Json<u8>, auth_api_key::odoo::Exception> {
    Ok(Json(0))
}

#[tokio::test]
async fn types_of_odoo_are_described_as_reviewed() {
    let routes: Routes<Authenticator> = routes![
        converters,
        ticket,
        with_files,
        anything,
        form,
        files,
        whole,
        whole_and_named,
        bytes,
        file,
        raised
    ];
    let document = json!(routes.openapi(&Authenticator::for_tests(), "Odoo", "1.0"));
    assert_reviewed("odoo", &document);
}
