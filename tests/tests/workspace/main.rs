//! Tests of the whole workspace: its examples, nodes in separate processes, and the layers of both
//! crates.

mod examples;
mod layers;
mod processes;
