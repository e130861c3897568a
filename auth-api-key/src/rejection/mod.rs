//! Why a request is refused, and the HTTP answer for it.

mod answers;
mod argument;
mod cause;
mod grpc;
mod jsonrpc;
mod odoo;
mod problem;
mod reason;

pub use self::{
    answers::AnswerStyle,
    cause::{Cause, Rejection},
    reason::Reason,
};
pub(crate) use self::{
    answers::Answers,
    argument::invalid_argument,
    grpc::grpc,
    jsonrpc::{JSON, ODOO_SERVER_ERROR, jsonrpc_error},
};
