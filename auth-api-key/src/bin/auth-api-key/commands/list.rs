//! `list`: lists keys, all or those of a group, a user or a state.

use auth_api_key::{
    Authenticator,
    key::{KeyFilter, KeyState, Paging},
};

use crate::{
    failure::Failure,
    output::{Output, keys_table, print_list, with_login},
    values::group,
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
    /// Only keys that work: neither archived nor expired
    #[arg(long, group = "state")]
    active: bool,
    /// Only keys that are archived, or whose user is
    #[arg(long, group = "state")]
    archived: bool,
    /// Only keys whose time is over, and that are not archived
    #[arg(long, group = "state")]
    expired: bool,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let states = [
        (arguments.active, KeyState::Active),
        (arguments.archived, KeyState::Archived),
        (arguments.expired, KeyState::Expired),
    ];
    let mut filter = KeyFilter::new().size(Paging::MAX_SIZE);
    if let Some(group) = arguments.group {
        filter = filter.group(group);
    }
    if let Some(user) = arguments.user {
        filter = filter.user(user);
    }
    if let Some((_, state)) = states.into_iter().find(|(wanted, _)| *wanted) {
        filter = filter.state(state);
    }
    let list = async |after| auth.keys().list(&filter.clone().after(after)).await;
    print_list(arguments.output.json, keys_table, with_login, list).await
}
