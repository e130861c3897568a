//! `update`: changes a key, but not its text.

use std::time::SystemTime;

use auth_api_key::{
    Authenticator,
    key::{IpNet, KeyUpdate},
};
use serde_json::{Map, Value};

use crate::{
    acting::Acting,
    asking::{Asking, ask_if_past},
    failure::Failure,
    one_key::OneKey,
    output::show,
    values::{group, metadata, network, time},
};

/// Change the data of a key; its text stays the same
#[derive(clap::Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("changes").required(true).multiple(true))]
pub(crate) struct Args {
    #[command(flatten)]
    key: OneKey,
    /// Rename the key
    #[arg(long, value_name = "NAME", group = "changes")]
    rename: Option<String>,
    /// When the key expires: a time such as `2027-01-31T12:00:00Z`, a day or `today` (its beginning in
    /// UTC), or a duration from now such as `90d`. A time in the past needs `--yes`
    #[arg(long, value_name = "TIME|DURATION", value_parser = time, group = "changes")]
    expires: Option<SystemTime>,
    /// Let the key never expire
    #[arg(long, conflicts_with = "expires", group = "changes")]
    no_expiry: bool,
    /// Admit the key only from this network or address; may be repeated. All other networks are removed
    #[arg(long = "network", value_name = "CIDR", value_parser = network, group = "changes")]
    networks: Vec<IpNet>,
    /// Admit the key from anywhere
    #[arg(long, conflicts_with = "networks", group = "changes")]
    any_network: bool,
    /// The name of the key's section in a configuration: a-z, 0-9 and _
    #[arg(long, value_name = "NAME", group = "changes")]
    technical_name: Option<String>,
    /// Remove the technical name
    #[arg(long, conflicts_with = "technical_name", group = "changes")]
    no_technical_name: bool,
    /// Replace the metadata
    #[arg(long, value_name = "JSON", value_parser = metadata, group = "changes")]
    metadata: Option<Map<String, Value>>,
    /// Put the key into this group, which is made if it is missing; may be repeated. The key leaves all
    /// other groups
    #[arg(long = "group", value_name = "CODE", value_parser = group, group = "changes")]
    groups: Vec<String>,
    /// Take the key out of all groups
    #[arg(long, conflicts_with = "groups", group = "changes")]
    no_groups: bool,
    /// Let the key act for the user with this id
    #[arg(long, value_name = "ID", group = "changes")]
    user: Option<String>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    ask_if_past(arguments.asking, &arguments.key.name, arguments.expires)?;
    let mut update = KeyUpdate::new();
    if let Some(name) = arguments.rename {
        update = update.name(name);
    }
    if arguments.expires.is_some() || arguments.no_expiry {
        update = update.expires_at(arguments.expires);
    }
    if !arguments.networks.is_empty() || arguments.any_network {
        update = update.networks(arguments.networks);
    }
    if arguments.technical_name.is_some() || arguments.no_technical_name {
        update = update.technical_name(arguments.technical_name);
    }
    if let Some(metadata) = arguments.metadata {
        update = update.metadata(metadata);
    }
    if !arguments.groups.is_empty() || arguments.no_groups {
        update = update.groups(arguments.groups);
    }
    if let Some(user) = arguments.user {
        update = update.user(user);
    }
    let OneKey { name, output } = arguments.key;
    let keys = auth.keys().acting_as(arguments.acting.name());
    show(&keys.update(&name, update).await?, output)
}
