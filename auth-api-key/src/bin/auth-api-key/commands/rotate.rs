//! `rotate`: gives a key a new text, and prints it once.

use std::time::Duration;

use auth_api_key::Authenticator;

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    failure::Failure,
    one_key::{OneKey, existing},
    output::{check_output, issued, printable, state},
    values::duration,
};

/// Give a key a new text, and print it
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    key: OneKey,
    /// How long the present text still works, such as `1h` or `7d`; without this, it stops at once
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    overlap: Option<Duration>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    let overlap = arguments.overlap.unwrap_or(Duration::ZERO);
    check_output()?;
    let mut consequences = String::new();
    let key = existing(auth, &name).await?;
    match state(&key) {
        "active" => {}
        // A rotation begins its lifetime again.
        "expired" if key.lifetime().is_some_and(|lifetime| !lifetime.is_zero()) => {
            consequences += " It is expired, and works again with its new text.";
        }
        state => consequences += &format!(" It is {state}, and its new text is refused, too."),
    }
    if overlap.is_zero() {
        consequences += " Its present text stops working at once; with `--overlap 1h` it works for \
                         another hour.";
    }
    if !consequences.is_empty() {
        ask(
            arguments.asking,
            &format!("Rotate key \"{}\"?{consequences}", printable(&name)),
        )?;
    }
    // If nobody gets the new text, the present one must keep working.
    let keys = auth.keys().acting_as(arguments.acting.name());
    let rotation = keys.begin_rotation(&name).await?;
    let shown = issued(rotation.created(), output);
    match shown {
        Err(Failure::Lost(_)) => rotation.undo().await?,
        _ => rotation.finish(overlap).await?,
    };
    shown
}
