//! What a listening server answers: routes as the macros make them, and the guard before them.

mod answer_layer;
mod answers;
mod callers;
mod controllers;
mod cors;
mod grpc;
mod inside;
mod jsonrpc;
mod lists;
mod networks;
mod routes;
