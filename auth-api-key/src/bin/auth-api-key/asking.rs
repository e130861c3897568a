//! Asks whoever sits at the terminal, before something is done that cannot be taken back.

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

/// Of commands that cannot be taken back, or are probably not meant.
#[derive(Args)]
pub(crate) struct Asking {
    /// Do it without being asked
    #[arg(long, short)]
    yes: bool,
}

/// Goes on only if whoever sits at the terminal, or `--yes`, says so.
pub(crate) fn ask(asking: Asking, question: &str) -> Result<(), Failure> {
    if asking.yes {
        return Ok(());
    }
    let terminal = Term::stderr();
    if !io::stdin().is_terminal() || !terminal.is_term() {
        return Err(Failure::Usage(format!(
            "this command asks first, and standard input is not a terminal: {question}\nhelp: add \
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

/// Asks whether a key is to be refused from now on.
pub(crate) fn ask_about_the_past(
    asking: Asking,
    name: &str,
    expiry: Option<SystemTime>,
) -> Result<(), Failure> {
    match expiry.filter(|expiry| *expiry <= SystemTime::now()) {
        None => Ok(()),
        Some(expiry) => ask(
            asking,
            &format!(
                "Let key \"{}\" expire at {}? This is past, and the key is refused at once.",
                printable(name),
                shown(expiry)
            ),
        ),
    }
}
