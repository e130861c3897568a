//! Why a request is refused, and the HTTP answer for it.

mod answers;
mod argument;
mod grpc;
mod odoo;
mod problem;
mod reason;
mod refused;

pub use self::{
    answers::AnswerStyle,
    reason::Reason,
    refused::{Cause, Rejection},
};
pub(crate) use self::{
    answers::Answers,
    argument::invalid_argument,
    grpc::grpc,
    odoo::{JSON, ODOO_SERVER_ERROR, jsonrpc_error},
};
