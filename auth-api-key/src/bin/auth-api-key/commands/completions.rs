//! `completions`: prints a script with which a shell completes commands.

use clap_complete::Shell;

use crate::{failure::Failure, output::print_script};

/// Print the completions of a shell
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: Args, mut program: clap::Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "auth-api-key", &mut script);
    print_script(&String::from_utf8_lossy(&script))
}
