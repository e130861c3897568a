//! `create`: makes a key, and prints its text once.

use std::time::SystemTime;

use auth_api_key::{Authenticator, NewKey, key::IpNet};
use serde_json::{Map, Value};

use crate::{
    acting::Acting,
    asking::{Asking, ask_if_past},
    failure::Failure,
    input::text_from_input,
    one_key::OneKey,
    output::{check_output, issued, show},
    values::{group, metadata, network, time},
};

/// Create a key, and print its text, which is not shown again
#[derive(clap::Args)]
#[command(after_help = "KEY=$(auth-api-key create webshop --user user-7 --expires 90d)")]
pub(crate) struct Args {
    #[command(flatten)]
    key: OneKey,
    /// The id of the user that the key acts for
    #[arg(long)]
    user: String,
    /// Put the key into this group, which is made if it is missing; may be repeated
    #[arg(long = "group", value_name = "CODE", value_parser = group)]
    groups: Vec<String>,
    /// Admit the key only from this network or address; may be repeated
    #[arg(long = "network", value_name = "CIDR", value_parser = network)]
    networks: Vec<IpNet>,
    /// When the key expires: a time such as `2027-01-31T12:00:00Z`, a day or `today` (its beginning in
    /// UTC), or a duration from now such as `90d`. A time in the past needs `--yes`
    #[arg(long, value_name = "TIME|DURATION", value_parser = time)]
    expires: Option<SystemTime>,
    /// What the text begins with: 1 to 16 of A-Z, a-z, 0-9, _ and -
    #[arg(long, conflicts_with = "text_from_stdin")]
    prefix: Option<String>,
    /// The name of the key's section in a configuration: a-z, 0-9 and _
    #[arg(long)]
    technical_name: Option<String>,
    /// What your application wants to know about the key. It is stored as it is: put no secrets into it
    #[arg(long, value_name = "JSON", value_parser = metadata)]
    metadata: Option<Map<String, Value>>,
    /// Read the text, which clients know already, from standard input, instead of issuing one
    #[arg(long)]
    text_from_stdin: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let Args {
        key: OneKey { name, output },
        user,
        groups,
        networks,
        expires,
        prefix,
        technical_name,
        metadata,
        text_from_stdin,
        acting,
        asking,
    } = arguments;
    ask_if_past(asking, &name, expires)?;
    let mut key = NewKey::new(name, user).groups(groups).networks(networks);
    if let Some(time) = expires {
        key = key.expires_at(time);
    }
    if let Some(prefix) = prefix {
        key = key.prefix(prefix);
    }
    if let Some(name) = technical_name {
        key = key.technical_name(name);
    }
    if let Some(metadata) = metadata {
        key = key.metadata(metadata);
    }
    let keys = auth.keys().acting_as(acting.name());
    if text_from_stdin {
        let created = keys.create(key.text(text_from_input()?)).await?;
        return show(&created.record, output);
    }
    check_output()?;
    let created = keys.create(key).await?;
    let shown = issued(&created, output);
    if let Err(Failure::Lost(_)) = shown {
        keys.delete(&created.record.name).await?;
    }
    shown
}
