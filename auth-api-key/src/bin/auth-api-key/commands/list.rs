//! `list`: lists keys, all or those of a search, a group, a user or a state.

use std::{
    cell::Cell,
    process::ExitCode,
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator,
    key::{KeyFilter, KeyState, Paging},
};

use crate::{
    failure::{EXPIRING, Failure},
    output::{Output, keys_table, print_list, with_login},
    values::{duration, group, past},
};

/// List keys
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only keys in this group
    #[arg(long, value_name = "CODE", value_parser = group)]
    group: Option<String>,
    /// Only keys of this user
    #[arg(long)]
    user: Option<String>,
    /// Only keys with this in their name or in the hint of their text; with one or two characters, only keys
    /// whose name or hint begins so. Letters of ASCII are found in either case
    #[arg(long, value_name = "PART")]
    search: Option<String>,
    /// Only keys that work: neither archived nor expired
    #[arg(long, group = "state")]
    active: bool,
    /// Only keys that are archived, or whose user is
    #[arg(long, group = "state")]
    archived: bool,
    /// Only keys that have expired and are not archived
    #[arg(long, group = "state")]
    expired: bool,
    /// Only keys that work now and expire within this time, such as `14d`. The exit code is 5 if there are
    /// any
    #[arg(long, value_name = "DURATION", value_parser = duration, group = "state")]
    expiring_within: Option<Duration>,
    /// Only keys that work and were not used since then, the longest unused first: a duration ago such as
    /// `90d`, a time, or a day. It leaves out keys that were created or renewed since then, and fails if uses
    /// were not recorded during the whole time
    #[arg(long, value_name = "DURATION|TIME", value_parser = past, group = "state")]
    unused_since: Option<SystemTime>,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<ExitCode, Failure> {
    let states = [
        (arguments.active, KeyState::Active),
        (arguments.archived, KeyState::Archived),
        (arguments.expired, KeyState::Expired),
    ];
    let mut filter = KeyFilter::new().size(Paging::MAX_SIZE);
    if let Some(part) = arguments.search {
        filter = filter.search(part);
    }
    if let Some(group) = arguments.group {
        filter = filter.group(group);
    }
    if let Some(user) = arguments.user {
        filter = filter.user(user);
    }
    if let Some((_, state)) = states.into_iter().find(|(wanted, _)| *wanted) {
        filter = filter.state(state);
    }
    if let Some(within) = arguments.expiring_within {
        let before = SystemTime::now().checked_add(within);
        let before = before.ok_or_else(|| {
            Failure::Usage(
                "the time of `--expiring-within` is too long; give a shorter one".to_owned(),
            )
        })?;
        filter = filter.state(KeyState::Active).expiring_before(before);
    }
    let any = Cell::new(false);
    let list = async |after| {
        let filter = filter.clone().after(after);
        let page = match arguments.unused_since {
            Some(since) => auth.keys().unused(since, &filter).await?,
            None => auth.keys().list(&filter).await?,
        };
        any.set(any.get() || !page.items.is_empty());
        Ok(page)
    };
    print_list(arguments.output.json, keys_table, with_login, list).await?;
    Ok(match arguments.expiring_within.is_some() && any.get() {
        true => ExitCode::from(EXPIRING),
        false => ExitCode::SUCCESS,
    })
}
