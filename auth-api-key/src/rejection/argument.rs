//! The answer to a request with an argument that cannot be read.

use axum::{http::StatusCode, response::Response};

use super::{
    cause::Cause,
    problem::{problem, problem_json},
};

/// `name` is the name of the argument, if it is known.
pub(crate) fn invalid_argument(
    status: StatusCode,
    name: Option<&'static str>,
    detail: String,
) -> Response {
    let answer = problem(status, problem_json(status, "invalid_argument", &detail));
    Cause::InvalidArgument { name, detail }.of(answer)
}
