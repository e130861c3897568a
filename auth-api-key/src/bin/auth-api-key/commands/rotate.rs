//! `rotate`: gives a key a new text, and prints it once.

use std::time::Duration;

use auth_api_key::Authenticator;

use crate::{
    asking::{Asking, ask},
    failure::Failure,
    one_key::{OneKey, existing},
    output::issued,
    values::duration,
};

/// Give a key a new text, and print it
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    key: OneKey,
    /// How long the present text still works, such as `1h` or `7d`; it stops at once where this is
    /// missing
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    overlap: Option<Duration>,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    let overlap = arguments.overlap.unwrap_or(Duration::ZERO);
    existing(auth, &name).await?;
    if overlap.is_zero() {
        ask(
            arguments.asking,
            &format!(
                "Rotate key \"{name}\"? Its present text stops working at once; with `--overlap \
                 1h` it works for another hour."
            ),
        )?;
    }
    issued(&auth.keys().rotate(&name, overlap).await?, output)
}
