//! Counts of keys, users and groups.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use auth_api_key::Authenticator;
use console::Term;
use serde::Serialize;

use crate::{
    arguments::Output,
    failure::Failure,
    output::{State, print, print_json, table},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Each key is active, expired or archived; the four counts after these are of active keys.
#[derive(Default, Serialize)]
struct Stats<'a> {
    keys: usize,
    active: usize,
    expired: usize,
    archived: usize,
    expiring_within_30_days: usize,
    never_used: usize,
    unused_for_90_days: usize,
    users: usize,
    groups: usize,
    by_group: Vec<ByGroup<'a>>,
}

#[derive(Serialize)]
struct ByGroup<'a> {
    code: &'a str,
    keys: usize,
    active: usize,
}

pub(crate) async fn run(output: Output, auth: &Authenticator) -> Result<(), Failure> {
    let (keys, groups) = (auth.keys().list().await?, auth.groups().list().await?);
    let now = SystemTime::now();
    let users: HashSet<&str> = keys.iter().map(|key| key.user.as_str()).collect();
    let mut stats = Stats {
        keys: keys.len(),
        users: users.len(),
        groups: groups.len(),
        ..Stats::default()
    };
    let mut active = HashSet::new();
    for key in &keys {
        match State::of(key) {
            State::Expired => stats.expired += 1,
            State::Archived => stats.archived += 1,
            State::Active => {
                stats.active += 1;
                active.insert(key.name.as_str());
                let soon = key
                    .expires_at
                    .is_some_and(|expiry| expiry <= now + 30 * DAY);
                stats.expiring_within_30_days += usize::from(soon);
                stats.never_used += usize::from(key.last_used_at.is_none());
                let unused = key.last_used_at.is_some_and(|used| used <= now - 90 * DAY);
                stats.unused_for_90_days += usize::from(unused);
            }
        }
    }
    stats.by_group.extend(groups.iter().map(|group| {
        let working = |name: &&String| active.contains(name.as_str());
        ByGroup {
            code: &group.code,
            keys: group.members.len(),
            active: group.members.iter().filter(working).count(),
        }
    }));
    if output.json {
        return print_json(&stats);
    }
    let counts = [
        ("keys", stats.keys),
        ("  active", stats.active),
        ("    expiring within 30 days", stats.expiring_within_30_days),
        ("    never used", stats.never_used),
        ("    unused for 90 days", stats.unused_for_90_days),
        ("  expired", stats.expired),
        ("  archived", stats.archived),
        ("users", stats.users),
        ("groups", stats.groups),
    ];
    let counts = counts.map(|(what, count)| [what.to_owned(), count.to_string()]);
    let by_group = stats.by_group.iter().map(|group| {
        let ByGroup { code, keys, active } = group;
        [(*code).to_owned(), keys.to_string(), active.to_string()]
    });
    let mut text = table(&Term::stdout(), None, counts);
    if !groups.is_empty() {
        text.push('\n');
        text += &table(&Term::stdout(), Some(["GROUP", "KEYS", "ACTIVE"]), by_group);
    }
    print(&text)
}
