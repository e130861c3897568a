//! What a listening server answers: routes as the macros make them, and the guard before them.

mod answer_layer;
mod answers;
mod callers;
mod calls;
mod clients;
mod closed;
mod controllers;
mod cors;
mod grpc;
mod inside;
mod jsonrpc;
mod lists;
mod names;
mod networks;
mod routes;
