//! `archive` and `unarchive`: refuse a key, or all keys that were not used for long, and admit one again.

use std::time::SystemTime;

use auth_api_key::{
    Authenticator,
    key::{KeyFilter, KeyRecord, Paging},
};

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    failure::Failure,
    one_key::OneKey,
    output::{Output, keys_table, note, show, show_all, shown, walk},
    values::past,
};

/// Archive a key, or all keys that were not used for long; they are refused until `unarchive`
#[derive(clap::Args)]
pub(crate) struct Archive {
    /// The key's name
    #[arg(required_unless_present = "unused_since")]
    name: Option<String>,
    /// Archive all keys that work and were not used since then: a duration ago such as `90d`, a time, or a
    /// day. The command asks first. It leaves out keys that were created or renewed since then, and fails
    /// if uses were not recorded during the whole time
    #[arg(long, value_name = "DURATION|TIME", value_parser = past, conflicts_with = "name")]
    unused_since: Option<SystemTime>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    output: Output,
}

/// Unarchive a key: it is admitted again
#[derive(clap::Args)]
pub(crate) struct Unarchive {
    #[command(flatten)]
    key: OneKey,
    #[command(flatten)]
    acting: Acting,
}

pub(crate) async fn archive(arguments: Archive, auth: &Authenticator) -> Result<(), Failure> {
    let keys = auth.keys().acting_as(arguments.acting.name());
    if let Some(name) = arguments.name {
        return show(&keys.archive(&name).await?, arguments.output);
    }
    let since = arguments.unused_since.unwrap_or(SystemTime::UNIX_EPOCH);
    let all = KeyFilter::new().size(Paging::MAX_SIZE);
    let mut unused: Vec<KeyRecord> = Vec::new();
    let list = async |after| keys.unused(since, &all.clone().after(after)).await;
    walk(list, |found| {
        unused.extend(found);
        Ok(())
    })
    .await?;
    let since_when = shown(since);
    if unused.is_empty() {
        note(&format!(
            "nothing to archive: each key that works was used, created or renewed since {since_when}\n"
        ));
        return show_all(&[], arguments.output);
    }
    note(&keys_table(&unused, true));
    let which = match unused.len() {
        1 => "this key, which was".to_owned(),
        number => format!("these {number} keys, which were"),
    };
    ask(
        arguments.asking,
        &format!("Archive {which} not used since {since_when}?"),
    )?;
    let mut archived = Vec::new();
    for key in unused {
        // The key may have been used or deleted while the question was open.
        let now = keys.get(&key.name).await?;
        if now.is_some_and(|now| now.id == key.id && now.last_used_at == key.last_used_at) {
            archived.push(keys.archive(&key.name).await?);
        }
    }
    show_all(&archived, arguments.output)
}

pub(crate) async fn unarchive(arguments: Unarchive, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    let keys = auth.keys().acting_as(arguments.acting.name());
    show(&keys.unarchive(&name).await?, output)
}
