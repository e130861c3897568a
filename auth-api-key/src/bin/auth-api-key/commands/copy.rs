//! `copy`: carries all keys from one database to another.

use std::time::Duration;

use auth_api_key::{
    Error,
    error::OpenError,
    store::{CopyError, CopyProgress, copy},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    asking::{Asking, ask},
    database::place,
    failure::{Failure, chain},
    output::note,
};

const COPY: &str = "\
Keys, users, groups, last uses, the trail and the check values of peppers are carried, with their ids: callers keep
their keys, and the servers over the target need the peppers that those over the source have. Where the
tables are missing in the target they are made. A target with keys of its own is refused, and stays as it
is; users and groups that it has without keys become those of the source.

A copy that was broken off goes on when it is run again. One that is run again later adds what has changed
in the source, and is refused once somebody has changed keys in the target. So a service moves:

  1. `auth-api-key copy --from sqlite:keys.db --to postgres://user@host/database`, while it runs
  2. start the new servers over the target
  3. the same command with `--final`, which takes moments, and from then on the old servers let nobody in:
     send callers to the new ones";

/// Copy all keys to another database, from SQLite to PostgreSQL, say: callers keep their keys
#[derive(clap::Args)]
#[command(after_help = COPY)]
pub(crate) struct Args {
    /// The database to copy from, which is only read, but for `--final`. An address with a password is
    /// better given by the environment
    #[arg(
        long,
        env = "COPY_FROM_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    from: String,
    /// The database to copy to
    #[arg(long, env = "COPY_TO_URL", hide_env_values = true, value_name = "URL")]
    to: String,
    /// Archive all keys of the source once the target has them: they are refused there from then on
    #[arg(long = "final")]
    hand_over: bool,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args) -> Result<(), Failure> {
    let Args {
        from,
        to,
        hand_over,
        asking,
    } = arguments;
    let (source, target) = (place(&from), place(&to));
    if hand_over {
        let question = format!("Refuse all keys in {source} once they are in {target}?");
        ask(asking, &question)?;
    }
    let bar = ProgressBar::new(0);
    bar.enable_steady_tick(Duration::from_millis(100));
    let look = |template| {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
    };
    look("copying {wide_bar} {pos}/{len} rows {elapsed}");
    let show = |progress: CopyProgress| {
        if progress.catching_up {
            look("catching up {wide_bar} {pos}/{len} rows {elapsed}");
        }
        bar.set_length(progress.rows);
        bar.set_position(progress.done);
    };
    let copied = copy(&from, &to, hand_over, show).await;
    bar.finish_and_clear();
    let keys = copied.map_err(|error| match error {
        CopyError::Source(error) => {
            let help = match error {
                Error::Open(OpenError::MissingMigration { version: 1, .. }) => {
                    "\nhelp: there are no keys: is it the right database?"
                }
                _ => "",
            };
            Failure::Failed(format!("--from {source}: {}{help}", chain(&error)))
        }
        CopyError::Target(error) => Failure::Failed(format!("--to {target}: {}", chain(&error))),
        error => Failure::Failed(format!("{source} is not copied to {target}: {error}")),
    })?;
    note(&match hand_over {
        true => {
            format!(
                "the {keys} keys of {source} were handed over to {target}, and {source} refuses them\n"
            )
        }
        false => format!(
            "all {keys} keys of {source} are in {target}; what changes in {source} from now on is copied \
             when this is run again, at last with `--final`\n"
        ),
    });
    Ok(())
}
