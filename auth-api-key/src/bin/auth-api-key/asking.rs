//! Asks whoever sits at the terminal, before something is done that cannot be taken back.

use std::io::{self, IsTerminal};

use clap::Args;
use console::Term;

use crate::{failure::Failure, output::note};

/// Of commands that cannot be taken back.
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
            "nobody can be asked, since this is no terminal: {question}\nhelp: to do it without \
             being asked, add `--yes`"
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
