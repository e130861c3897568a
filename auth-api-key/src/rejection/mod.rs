//! Why a request is refused, and the HTTP answer for it.

mod answers;
mod odoo;
mod problem;
mod reason;
mod refused;

pub use self::{answers::AnswerStyle, reason::Reason, refused::Rejection};
pub(crate) use self::{
    answers::Answers,
    odoo::{JSON, ODOO_SERVER_ERROR, jsonrpc_error},
    problem::invalid_argument,
    refused::{Answering, Hook},
};
