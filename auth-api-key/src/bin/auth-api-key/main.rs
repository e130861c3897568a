//! The program `auth-api-key`: keeps keys from the command line, for people and for scripts. It
//! uses the crate as any other program does.

mod arguments;
mod database;
mod failure;
mod import;
#[cfg(feature = "odoo")]
mod odoo;
mod output;
mod run;
mod stats;
mod verify;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    run::run(arguments::Cli::parse()).unwrap_or_else(|failure| {
        output::note(&format!("error: {failure}\n"));
        ExitCode::from(failure.exit_code())
    })
}
