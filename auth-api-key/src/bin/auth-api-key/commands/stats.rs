//! `stats`: counts keys, users and groups.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth_api_key::{
    Authenticator,
    key::{Group, KeyFilter, KeyState},
};
use console::Term;
use serde::Serialize;

use crate::{
    failure::Failure,
    output::{Output, is_odoo, largest, print, print_json, table, walk},
};

/// Count keys, users and groups
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    output: Output,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Each key is active, expired or archived. The three counts after these are of active keys.
#[derive(Default, Serialize)]
struct Stats {
    keys: u64,
    active: u64,
    expired: u64,
    archived: u64,
    expiring_within_30_days: u64,
    /// `None` for an Odoo, which does not record uses.
    never_used: Option<u64>,
    last_used_over_90_days_ago: Option<u64>,
    users: u64,
    groups: usize,
    by_group: Vec<ByGroup>,
}

#[derive(Serialize)]
struct ByGroup {
    code: String,
    keys: u64,
    active: u64,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let now = SystemTime::now();
    let count = async |filter: KeyFilter| auth.keys().count(&filter).await;
    let state = |state| KeyFilter::new().state(state);
    let active = || state(KeyState::Active);
    let never_used = count(active().unused_since(UNIX_EPOCH + DAY)).await?;
    let unused = count(active().unused_since(now - 90 * DAY)).await?;
    let mut stats = Stats {
        keys: count(KeyFilter::new()).await?,
        active: count(active()).await?,
        expired: count(state(KeyState::Expired)).await?,
        archived: count(state(KeyState::Archived)).await?,
        expiring_within_30_days: count(active().expiring_before(now + 30 * DAY)).await?,
        never_used: Some(never_used).filter(|_| !is_odoo()),
        last_used_over_90_days_ago: Some(unused - never_used).filter(|_| !is_odoo()),
        ..Stats::default()
    };
    let list = async |after| auth.users().list(&largest(after)).await;
    walk(list, |users| {
        let with_keys = users.iter().filter(|user| user.keys > 0);
        stats.users += with_keys.count() as u64;
        Ok(())
    })
    .await?;
    let mut groups = Vec::new();
    let list = async |after| auth.groups().list(&largest(after)).await;
    walk(list, |page| {
        groups.extend(page);
        Ok(())
    })
    .await?;
    stats.groups = groups.len();
    for Group { code, .. } in groups {
        let keys = count(KeyFilter::new().group(&code)).await?;
        let active = count(active().group(&code)).await?;
        stats.by_group.push(ByGroup { code, keys, active });
    }
    if arguments.output.json {
        return print_json(&stats);
    }
    let counts = [
        ("keys", Some(stats.keys)),
        ("  active", Some(stats.active)),
        (
            "    expiring within 30 days",
            Some(stats.expiring_within_30_days),
        ),
        ("    never used", stats.never_used),
        (
            "    last used over 90 days ago",
            stats.last_used_over_90_days_ago,
        ),
        ("  expired", Some(stats.expired)),
        ("  archived", Some(stats.archived)),
        ("users", Some(stats.users)),
        ("groups", Some(stats.groups as u64)),
    ];
    let counts = counts
        .into_iter()
        .filter_map(|(what, count)| Some([what.to_owned(), count?.to_string()]));
    let by_group = stats.by_group.iter().map(|group| {
        let ByGroup { code, keys, active } = group;
        [code.clone(), keys.to_string(), active.to_string()]
    });
    let mut text = table(&Term::stdout(), None, counts);
    if stats.groups > 0 {
        text.push('\n');
        text += &table(&Term::stdout(), Some(["GROUP", "KEYS", "ACTIVE"]), by_group);
    }
    print(&text)
}
