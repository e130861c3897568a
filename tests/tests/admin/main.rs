//! The pages for operators: who sees them, what they show, what they change, and how a browser shows them.

mod access;
mod browser;
mod changes;
mod own_method;
mod refused;
mod searches;
mod visitor;

/// What the pages are told to be found at; requests say so in `Host`.
const ORIGIN: &str = "http://localhost:8070";
