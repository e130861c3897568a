//! Reads secrets from standard input, since other users of the machine can read arguments.

use std::io::{self, IsTerminal, Read};

use console::Term;

use crate::{failure::Failure, output::note};

/// The text of a key from standard input, without the end of its line. A terminal does not show it.
pub(crate) fn text_from_input() -> Result<String, Failure> {
    let terminal = Term::stderr();
    let mut text = String::new();
    if io::stdin().is_terminal() && terminal.is_term() {
        note("Text of the key (the terminal does not show it): ");
        text = terminal.read_secure_line().map_err(Failure::Input)?;
    } else {
        io::stdin()
            .read_to_string(&mut text)
            .map_err(Failure::Input)?;
    }
    if text.starts_with('\u{feff}') {
        // The byte-order mark that some programs write before a text.
        text.remove(0);
    }
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}
