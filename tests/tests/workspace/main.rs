//! What holds of the workspace as a whole: its examples, the nodes that are processes of their own,
//! and the floors of the runtime crate.

mod examples;
mod layers;
mod processes;
