//! Asks at the terminal before a command does what cannot be undone, or what is probably a slip.

use std::{
    io::{self, IsTerminal},
    time::SystemTime,
};

use clap::Args;
use console::Term;

use crate::{
    failure::Failure,
    output::{note, printable, shown},
};

/// The argument of every command that may ask.
#[derive(Args)]
pub(crate) struct Asking {
    /// Do it without asking
    #[arg(long, short)]
    yes: bool,
}

/// An error unless the answer at the terminal, or `--yes`, is yes.
pub(crate) fn ask(asking: Asking, question: &str) -> Result<(), Failure> {
    if asking.yes {
        return Ok(());
    }
    let terminal = Term::stderr();
    if !io::stdin().is_terminal() || !terminal.is_term() {
        return Err(Failure::Usage(format!(
            "this command must ask, but standard input is not a terminal: {question}\nhelp: add \
             `--yes` to answer yes"
        )));
    }
    note(&format!("{question} [y/N] "));
    let answer = terminal.read_line().map_err(Failure::Input)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::Failed(
            "not confirmed; nothing was changed".to_owned(),
        )),
    }
}

/// Asks if an expiry is in the past.
pub(crate) fn ask_if_past(
    asking: Asking,
    name: &str,
    expiry: Option<SystemTime>,
) -> Result<(), Failure> {
    match expiry.filter(|expiry| *expiry <= SystemTime::now()) {
        None => Ok(()),
        Some(expiry) => ask(
            asking,
            &format!(
                "Let key \"{}\" expire at {}? This time is past, so the key is refused at once.",
                printable(name),
                shown(expiry)
            ),
        ),
    }
}
