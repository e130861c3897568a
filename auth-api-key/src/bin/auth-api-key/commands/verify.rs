//! `verify`: shows whether a server would admit a key, and if not, exactly why and what helps.

use std::{
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    time::SystemTime,
};

use auth_api_key::{
    Authenticator, Reason,
    key::{KeyRecord, has_valid_checksum, is_invisible},
};
use axum::{
    extract::ConnectInfo,
    http::{HeaderValue, Request},
};
use serde::Serialize;

use crate::{
    failure::{Failure, REFUSED},
    input::text_from_input,
    output::{
        Output, WithLogin, command, largest, print, print_json, printable, shown, user, walk,
        with_login,
    },
    values::group,
};

/// Show whether a server would admit a key, and if not, why; reads the text from standard input
#[derive(clap::Args)]
#[command(after_help = "printf %s \"$KEY\" | auth-api-key verify --group shop")]
pub(crate) struct Args {
    /// A group that the route asks for; may be repeated: the key must be in one of them
    #[arg(long = "group", value_name = "CODE", value_parser = group)]
    groups: Vec<String>,
    /// The address of the caller
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Verdict<'a> {
    admitted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
    /// The key that has the text, if there is one.
    record: Option<WithLogin<&'a KeyRecord>>,
}

#[derive(Serialize)]
struct Refused {
    reason: &'static str,
    explanation: String,
    remedy: String,
    /// The status of the caller's answer.
    status: u16,
    code: &'static str,
    detail: String,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<ExitCode, Failure> {
    let given = text_from_input()?;
    // A server trims blanks around a header's value, too.
    let text = HeaderValue::from_str(given.trim_matches([' ', '\t'])).map_err(|_| {
        Failure::Failed(
            "the text has a control character, which no HTTP header can carry\nhelp: give only the text \
             on standard input, on one line"
                .to_owned(),
        )
    })?;
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.headers.insert("api-key", text.clone());
    if let Some(address) = arguments.address {
        let peer = ConnectInfo(SocketAddr::new(address, 0));
        parts.extensions.insert(peer);
    }
    let groups: Vec<&str> = arguments.groups.iter().map(String::as_str).collect();
    let rejection = match auth.authenticate(&mut parts, &groups).await {
        Ok(key) => {
            let verdict = Verdict {
                admitted: true,
                refused: None,
                record: Some(with_login(&key)),
            };
            match arguments.output.json {
                true => print_json(&verdict)?,
                false => print(&format!(
                    "admitted: key \"{}\", acting for user {}\n",
                    printable(&key.name),
                    printable(&user(&key.user))
                ))?,
            }
            return Ok(ExitCode::SUCCESS);
        }
        Err(rejection) => rejection,
    };

    let reason = rejection.reason();
    let record = rejection.key().map(|key| &**key);
    // The record of a rotated text expires with that text: the key itself may expire later.
    let newest = match record {
        Some(key) if reason == Reason::ExpiredKey => auth.keys().get(&key.name).await?,
        _ => None,
    };
    let known = newest.as_ref().or(record);
    let well_formed = text.to_str().is_ok_and(has_valid_checksum);
    let (name, explanation, remedy) = match known {
        None => explain_unknown(
            reason,
            well_formed,
            given.chars().find(|c| is_invisible(*c)),
        ),
        Some(key) => {
            let groups = match reason {
                Reason::ForbiddenGroup => group_to_join(auth, &arguments.groups, &key.name).await?,
                _ => String::new(),
            };
            explain_key(reason, key, record, groups)
        }
    };
    let refused = Refused {
        reason: name,
        explanation,
        remedy,
        status: reason.status().as_u16(),
        code: reason.code(),
        detail: rejection.to_string(),
    };
    if arguments.output.json {
        print_json(&Verdict {
            admitted: false,
            refused: Some(refused),
            record: known.map(with_login),
        })?;
    } else {
        print(&format!(
            "refused: {}\nthe caller gets: {} {}, \"{}\"\nhelp: {}\n",
            refused.explanation, refused.status, refused.code, refused.detail, refused.remedy
        ))?;
    }
    Ok(match reason {
        Reason::Unavailable => ExitCode::FAILURE,
        _ => ExitCode::from(REFUSED),
    })
}

fn explain_unknown(
    reason: Reason,
    well_formed: bool,
    invisible: Option<char>,
) -> (&'static str, String, String) {
    if let (Reason::UnknownKey, Some(character)) = (reason, invisible) {
        let character = u32::from(character);
        return (
            "unknown_key",
            format!("no key has this text, which has the invisible character U+{character:04X}"),
            "remove this character: a copied text often has one".to_owned(),
        );
    }
    let (name, explanation, remedy) = match reason {
        Reason::MissingKey => (
            "missing_key",
            "standard input has no text",
            "give the text of the key on standard input".to_owned(),
        ),
        Reason::UnknownKey if well_formed => (
            "unknown_key",
            "no key has this text, which was issued and has no typing error (its checksum is right)",
            format!(
                "the key was deleted or rotated, or is in another database; see {}",
                command("list", &[])
            ),
        ),
        Reason::UnknownKey => (
            "unknown_key",
            "no key has this text",
            format!(
                "look for a typing error; {} shows how issued texts begin and end",
                command("list", &[])
            ),
        ),
        _ => (
            "unavailable",
            "the database does not answer",
            "check that it runs, and try again".to_owned(),
        ),
    };
    (name, explanation.to_owned(), remedy)
}

/// The help for a key that is in none of the groups: how to put it into one, which may have to be made.
async fn group_to_join(
    auth: &Authenticator,
    asked: &[String],
    name: &str,
) -> Result<String, Failure> {
    let mut there = None;
    let list = async |after| auth.groups().list(&largest(after)).await;
    walk(list, |groups| {
        let codes = groups.into_iter().map(|group| group.code);
        there = there
            .take()
            .or(codes.into_iter().find(|code| asked.contains(code)));
        Ok(())
    })
    .await?;
    let code = there.as_ref().unwrap_or(&asked[0]);
    let add = command("group add", &[code, name]);
    Ok(match there {
        Some(_) => format!("put it into one of the groups with {add}"),
        None => format!(
            "the route's group does not exist: make it with {}, and put the key into it with {add}",
            command("group create", &[code])
        ),
    })
}

fn explain_key(
    reason: Reason,
    key: &KeyRecord,
    found: Option<&KeyRecord>,
    groups: String,
) -> (&'static str, String, String) {
    let name = printable(&key.name);
    let networks = || {
        let networks: Vec<String> = key.networks.iter().map(ToString::to_string).collect();
        networks.join(", ")
    };
    match reason {
        Reason::ArchivedKey => (
            "archived_key",
            format!("key \"{name}\" is archived"),
            format!("unarchive it with {}", command("unarchive", &[&key.name])),
        ),
        Reason::ExpiredKey => {
            let ended = found.and_then(|key| key.expires_at);
            let ended = ended.map(shown).unwrap_or_default();
            match key.expires_at {
                Some(expiry) if expiry <= SystemTime::now() => (
                    "expired_key",
                    format!("key \"{name}\" expired at {ended}"),
                    format!(
                        "extend it with {}",
                        command("update --expires 90d", &[&key.name])
                    ),
                ),
                _ => (
                    "expired_key",
                    format!("key \"{name}\" was rotated, and this text stopped working at {ended}"),
                    format!(
                        "use its newer text, or issue another one with {}",
                        command("rotate --overlap 1h", &[&key.name])
                    ),
                ),
            }
        }
        Reason::ArchivedUser => (
            "archived_user",
            format!(
                "user {} of key \"{name}\" is archived",
                printable(&key.user)
            ),
            format!(
                "unarchive the user with {}",
                command("user unarchive", &[&key.user])
            ),
        ),
        Reason::ForbiddenGroup => (
            "forbidden_group",
            match key.groups.is_empty() {
                true => format!("key \"{name}\" is in no group"),
                false => format!(
                    "key \"{name}\" is only in: {}",
                    printable(&key.groups.join(", "))
                ),
            },
            groups,
        ),
        Reason::ForbiddenNetwork => (
            "forbidden_network",
            format!("key \"{name}\" is admitted only from: {}", networks()),
            format!(
                "call from there, or change the networks of the key: {} describes `--network`",
                command("update --help", &[])
            ),
        ),
        Reason::UnknownNetwork => (
            "unknown_network",
            format!(
                "key \"{name}\" is admitted only from: {}; the caller's address is not known",
                networks()
            ),
            "give the caller's address with `--address`; a server finds it out if it is served by \
             `into_make_service_with_connect_info::<SocketAddr>()`"
                .to_owned(),
        ),
        Reason::UnreadableKey => (
            "unreadable_key",
            format!("the row of key \"{name}\" is damaged"),
            format!(
                "{} shows what cannot be read of it",
                command("show", &[&key.name])
            ),
        ),
        _ => (
            "refused",
            format!("key \"{name}\" is refused ({reason:?})"),
            "upgrade this program, which does not know this reason".to_owned(),
        ),
    }
}
