//! `copy`: carries all keys from one database to another.

use std::time::Duration;

use auth_api_key::{
    Error,
    error::OpenError,
    store::{CopyError, CopyProgress, copy},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    database::without_password,
    failure::{Failure, message},
    output::note,
};

const COPY: &str = "\
It copies keys, users, groups, last uses, the trail and the check values of peppers, with their \
ids. Callers keep their keys. Servers over the target need the peppers that servers over the \
source have. If the target has no tables, they are made. If the target already has other keys, it \
is an error, and the target does not change. If the target only has users and groups, those of \
the source replace them.

If a copy stops early, run it again: it goes on. If you run it again later, it adds what has \
changed in the source; that is an error once somebody has changed keys in the target. To move a \
service:

  1. While the service runs, copy its keys:
     auth-api-key copy --from sqlite:keys.db --to postgres://user@host/database
  2. Start the new servers over the target.
  3. Run the same command with `--final`. It copies the last changes, and from then on the old
     servers refuse all keys: send callers to the new servers.";

/// Copy all keys to another database, such as from SQLite to PostgreSQL; callers keep their keys
#[derive(clap::Args)]
#[command(after_help = COPY)]
pub(crate) struct Args {
    /// The database to copy from; only `--final` changes it. If the address has a password, give it in the
    /// environment: other users of the machine can read arguments
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
    /// Archive all keys of the source once the target has them, so that old servers refuse them
    #[arg(long = "final")]
    hand_over: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args) -> Result<(), Failure> {
    let Args {
        from,
        to,
        hand_over,
        acting,
        asking,
    } = arguments;
    let (source, target) = (without_password(&from), without_password(&to));
    if hand_over {
        let question = format!("Archive all keys in {source} once they are in {target}?");
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
    let actor = hand_over.then(|| acting.name());
    let copied = copy(&from, &to, actor.as_deref(), show).await;
    bar.finish_and_clear();
    let keys = copied.map_err(|error| match error {
        CopyError::Source(error) => {
            let help = match error {
                Error::Open(OpenError::MissingMigration { version: 1, .. }) => {
                    "\nhelp: check the address: this database has no tables of this program"
                }
                _ => "",
            };
            Failure::Failed(format!("--from {source}: {}{help}", message(&error)))
        }
        CopyError::Target(error) => Failure::Failed(format!("--to {target}: {}", message(&error))),
        error => Failure::Failed(format!("{source} was not copied to {target}: {error}")),
    })?;
    note(&match hand_over {
        true => {
            format!(
                "all {keys} keys of {source} are in {target}; servers over {source} refuse them from now on\n"
            )
        }
        false => format!(
            "all {keys} keys of {source} are in {target}; to copy later changes, run this again, and at the \
             end with `--final`\n"
        ),
    });
    Ok(())
}
