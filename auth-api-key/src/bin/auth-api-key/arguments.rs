//! What can be asked: every command with its arguments, and how their values are read.

use std::{
    net::IpAddr,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use auth_api_key::key::IpNet;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};

const EXIT_CODES: &str = "\
Exit codes:
  0  done; for `verify`: the key would be let in
  1  failed; nothing was changed, unless it says otherwise
  2  the arguments cannot be used, or `--yes` is missing where nobody can be asked
  3  there is no such key, user or group
  4  `verify`: the key would be refused

Environment:
  DATABASE_URL              the database, where --database-url is not given
  API_KEY_PEPPER_<VERSION>  the pepper of this version, where the server has one";

/// Keep the API keys of a server: create, rotate and archive them, and ask why one is refused.
///
/// The text of a key is printed once, on standard output, when it is issued. It is never an
/// argument, which other users of the machine could read: where one is needed, it is read from
/// standard input.
#[derive(Parser)]
#[command(name = "auth-api-key", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
#[command(next_help_heading = "Database")]
pub(crate) struct Database {
    /// The database: `sqlite:keys.db`, or `postgres://user@host/database`. An address with a
    /// password is better given by the environment
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,
    /// A pepper of the server: its version, and a file that holds exactly its bytes
    #[arg(long = "pepper", global = true, value_name = "VERSION=FILE", value_parser = pepper)]
    pub(crate) peppers: Vec<(u32, PathBuf)>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create a key, and print its text, which cannot be had again
    #[command(after_help = "KEY=$(auth-api-key create webshop --user user-7 --expires 90d)")]
    Create(Create),
    /// List keys
    List(List),
    /// Show all that is known of a key
    Show(OneKey),
    /// Change what is known of a key; its text stays
    Update(Update),
    /// Give a key a new text, and print it
    Rotate(Rotate),
    /// Archive a key: it is refused until `unarchive`
    Archive(OneKey),
    /// Take back an archived key
    Unarchive(OneKey),
    /// Delete a key
    Delete {
        #[command(flatten)]
        key: OneKey,
        #[command(flatten)]
        asking: Asking,
    },
    /// List, make, fill and delete groups, which routes ask for
    #[command(subcommand)]
    Group(Group),
    /// Archive users, whom keys act for, and take them back
    #[command(subcommand)]
    User(User),
    /// Say whether a key would be let in, and if not, why; its text is read from standard input
    #[command(after_help = "printf %s \"$KEY\" | auth-api-key verify --group shop")]
    Verify(Verify),
    /// Import keys from standard input: all of them, or none
    #[command(after_help = IMPORT)]
    Import {
        /// Guessed from the first byte, unless it is given
        #[arg(long)]
        format: Option<Format>,
    },
    /// Copy the keys of an Odoo, which go on working with the texts that callers have
    #[cfg(feature = "odoo")]
    ImportOdoo {
        /// The database of the Odoo, which is only read: `postgres://user@host/odoo`. An address
        /// with a password is better given by the environment
        #[arg(
            long,
            env = "ODOO_DATABASE_URL",
            hide_env_values = true,
            value_name = "URL"
        )]
        odoo_url: String,
        /// A file, INI or TOML, with the texts that the Odoo's module `auth_api_key_server_env`
        /// gives keys, in sections `[api_key_NAME]`; /dev/null if it gives none. Give several in the
        /// order in which Odoo reads them, odoo.conf last. INI is read as Odoo reads it, and what
        /// Odoo cannot read is an error. The variables SERVER_ENV_CONFIG and SERVER_ENV_CONFIG_SECRET
        /// are read after the files
        #[arg(long, value_name = "FILE")]
        server_env: Vec<PathBuf>,
        /// Say what would be imported, and import nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Count keys, users and groups
    Stats {
        #[command(flatten)]
        output: Output,
    },
    /// Make a copy of a production database harmless: archive all keys, and forget their texts and
    /// the peppers
    Neutralize {
        #[command(flatten)]
        asking: Asking,
    },
    /// Make the database and its tables where they are missing, and bring them up to date
    Migrate,
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

const IMPORT: &str = "\
CSV has a header with the names of its columns; JSON lines have an object a line. Only `name` and
`user` must be there:

  name             unique
  user             the id of the user that the key acts for
  key              the text that clients know already; one is issued and printed where it is missing
  groups           shop;erp, or in JSON a list
  networks         10.0.0.0/8;192.0.2.7, or in JSON a list
  expires_at       2027-01-31T12:00:00Z, a day (its beginning in UTC), or from now: 90d
  technical_name   a-z, 0-9 and _
  active           true, or false for an archived key
  metadata         a JSON object

  printf 'name,user,groups\\nwebshop,user-7,shop;erp\\n' | auth-api-key import > issued.csv";

/// Of commands that print records.
#[derive(Args)]
pub(crate) struct Output {
    /// Print JSON, for scripts
    #[arg(long)]
    pub(crate) json: bool,
}

/// Of commands that cannot be taken back.
#[derive(Args)]
pub(crate) struct Asking {
    /// Do it without being asked
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct OneKey {
    /// The key's name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct Create {
    #[command(flatten)]
    pub(crate) key: OneKey,
    /// The id of the user that the key acts for
    #[arg(long)]
    pub(crate) user: String,
    /// Put the key into a group, which is made where it is missing; may be repeated
    #[arg(long = "group", value_name = "CODE")]
    pub(crate) groups: Vec<String>,
    /// Admit the key from this network or address only; may be repeated
    #[arg(long = "network", value_name = "CIDR", value_parser = network)]
    pub(crate) networks: Vec<IpNet>,
    /// Refuse the key from then on: `2027-01-31T12:00:00Z`, a day (its beginning in UTC), or from
    /// now `90d`
    #[arg(long, value_name = "TIME|DURATION", value_parser = time)]
    pub(crate) expires: Option<SystemTime>,
    /// What the text begins with: 1 to 16 of A-Z, a-z, 0-9, _ and -
    #[arg(long, conflicts_with = "text_from_stdin")]
    pub(crate) prefix: Option<String>,
    /// The name of the key's section in a configuration: a-z, 0-9 and _
    #[arg(long)]
    pub(crate) technical_name: Option<String>,
    /// What the application wants to know of the key; stored as it is, so no secrets
    #[arg(long, value_name = "JSON", value_parser = metadata)]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// Take the text that clients know already from standard input, instead of issuing one
    #[arg(long)]
    pub(crate) text_from_stdin: bool,
}

#[derive(Args)]
pub(crate) struct List {
    /// Only keys in this group
    #[arg(long, value_name = "CODE")]
    pub(crate) group: Option<String>,
    /// Only keys of this user
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// Only keys that work: neither archived nor expired
    #[arg(long, group = "state")]
    pub(crate) active: bool,
    /// Only keys that are archived, or whose user is
    #[arg(long, group = "state")]
    pub(crate) archived: bool,
    /// Only keys whose time is over, and that are not archived
    #[arg(long, group = "state")]
    pub(crate) expired: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("changes").required(true).multiple(true))]
pub(crate) struct Update {
    #[command(flatten)]
    pub(crate) key: OneKey,
    /// Rename the key
    #[arg(long, value_name = "NAME", group = "changes")]
    pub(crate) rename: Option<String>,
    /// Refuse the key from then on: `2027-01-31T12:00:00Z`, a day (its beginning in UTC), or from
    /// now `90d`
    #[arg(long, value_name = "TIME|DURATION", value_parser = time, group = "changes")]
    pub(crate) expires: Option<SystemTime>,
    /// Let the key live for ever
    #[arg(long, conflicts_with = "expires", group = "changes")]
    pub(crate) no_expiry: bool,
    /// Admit the key from this network or address only; may be repeated, and replaces all others
    #[arg(long = "network", value_name = "CIDR", value_parser = network, group = "changes")]
    pub(crate) networks: Vec<IpNet>,
    /// Admit the key from anywhere
    #[arg(long, conflicts_with = "networks", group = "changes")]
    pub(crate) any_network: bool,
    /// The name of the key's section in a configuration: a-z, 0-9 and _
    #[arg(long, value_name = "NAME", group = "changes")]
    pub(crate) technical_name: Option<String>,
    /// Take the technical name away
    #[arg(long, conflicts_with = "technical_name", group = "changes")]
    pub(crate) no_technical_name: bool,
    /// Replace the metadata
    #[arg(long, value_name = "JSON", value_parser = metadata, group = "changes")]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// Put the key into this group, which is made where it is missing; may be repeated, and replaces
    /// all others
    #[arg(long = "group", value_name = "CODE", group = "changes")]
    pub(crate) groups: Vec<String>,
    /// Take the key out of all groups
    #[arg(long, conflicts_with = "groups", group = "changes")]
    pub(crate) no_groups: bool,
    /// Let the key act for the user with this id
    #[arg(long, value_name = "ID", group = "changes")]
    pub(crate) user: Option<String>,
}

#[derive(Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    pub(crate) key: OneKey,
    /// How long the present text still works, such as `1h` or `7d`; it stops at once where this is
    /// missing
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) overlap: Option<Duration>,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

#[derive(Subcommand)]
pub(crate) enum Group {
    /// List groups
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Make a group, or give the one with this code another title
    Create {
        /// What routes know it by
        code: String,
        /// What people know it by
        #[arg(long, default_value = "")]
        title: String,
    },
    /// Delete a group; its keys stay, but routes that ask for it refuse them
    Delete {
        /// The group's code
        code: String,
        #[command(flatten)]
        asking: Asking,
        #[command(flatten)]
        output: Output,
    },
    /// Put a key into a group
    Add {
        /// The group's code
        code: String,
        #[command(flatten)]
        key: OneKey,
    },
    /// Take a key out of a group
    Remove {
        /// The group's code
        code: String,
        #[command(flatten)]
        key: OneKey,
    },
}

#[derive(Subcommand)]
pub(crate) enum User {
    /// Archive a user: all their keys are refused until `user unarchive`
    Archive {
        /// The user's id
        user: String,
        #[command(flatten)]
        asking: Asking,
        #[command(flatten)]
        output: Output,
    },
    /// Take back an archived user
    Unarchive {
        /// The user's id
        user: String,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Args)]
pub(crate) struct Verify {
    /// A group that the route asks for; where there are several, the key must be in one of them
    #[arg(long = "group", value_name = "CODE")]
    pub(crate) groups: Vec<String>,
    /// The address of the caller
    #[arg(long, value_name = "IP")]
    pub(crate) address: Option<IpAddr>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// Columns, with a header
    Csv,
    /// JSON lines: an object a line
    Jsonl,
}

fn pepper(text: &str) -> Result<(u32, PathBuf), &'static str> {
    text.split_once('=')
        .and_then(|(version, file)| Some((version.parse().ok()?, file.into())))
        .ok_or("write a version and a file, such as 1=/run/secrets/pepper")
}

pub(crate) fn network(text: &str) -> Result<IpNet, &'static str> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "write a network such as 10.0.0.0/8, or an address such as 192.0.2.7")
}

pub(crate) fn time(text: &str) -> Result<SystemTime, &'static str> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.into());
    }
    // A `Date` is also read from a longer text, of which it leaves out the time.
    if text.len() == "2027-01-31".len()
        && let Ok(day) = text.parse::<Date>()
        && let Ok(beginning) = day.to_zoned(TimeZone::UTC)
    {
        return Ok(beginning.timestamp().into());
    }
    let from_now = duration(text)
        .ok()
        .and_then(|duration| SystemTime::now().checked_add(duration));
    from_now.ok_or(
        "write a time with its offset such as 2027-01-31T12:00:00Z, a day such as 2027-01-31, or a \
         duration from now such as 90d",
    )
}

/// Months and years are those that begin now.
fn duration(text: &str) -> Result<Duration, &'static str> {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    text.parse::<Span>()
        .and_then(|span| now.checked_add(span))
        .ok()
        .and_then(|then| Duration::try_from(now.duration_until(&then)).ok())
        .ok_or("write a duration such as 30m, 12h, 90d or 1y")
}

fn metadata(text: &str) -> Result<Map<String, Value>, &'static str> {
    serde_json::from_str(text).map_err(|_| "write a JSON object such as {\"owner\": \"ops\"}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn commands_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn times_are_read_with_an_offset_as_days_and_from_now() {
        let at = |seconds| Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(time("2027-01-31T12:00:00Z"), at(1_801_396_800));
        assert_eq!(time("2027-01-31T14:00:00+02:00"), at(1_801_396_800));
        assert_eq!(time("2027-01-31"), at(1_801_353_600));
        let before = SystemTime::now();
        let (after_90_days, after) = (time("90d").unwrap(), SystemTime::now());
        let days = Duration::from_secs(90 * 24 * 60 * 60);
        assert!((before + days..=after + days).contains(&after_90_days));
        for unclear in ["2027-01-31T12:00:00", "31.1.2027", "tomorrow", "-1d", ""] {
            assert!(time(unclear).is_err(), "{unclear}");
        }
    }

    #[test]
    fn address_is_a_network_of_one() {
        assert_eq!(network("192.0.2.7").unwrap().to_string(), "192.0.2.7/32");
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert!(network("10.0.0.0/33").is_err());
    }
}
