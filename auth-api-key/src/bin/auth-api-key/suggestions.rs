//! Finds the existing name that is nearest to a name that was not found.

use auth_api_key::{
    Authenticator, Error,
    error::StateError,
    key::{KeyFilter, Paging},
};

use crate::{
    failure::Failure,
    output::{command, largest, printable, walk},
    values::group,
};

/// Adds a help to an error about a name that does not exist.
pub(crate) async fn explained(error: Error, auth: &Authenticator) -> Failure {
    let mut likely: Option<String> = None;
    let mut compare = |written: &str, name: String| {
        let names = likely.as_deref().into_iter().chain([name.as_str()]);
        likely = alike(written, names).map(str::to_owned);
        Ok(())
    };
    let (compared, remedy) = match &error {
        Error::State(StateError::NoSuchKey { name }) => {
            let all = KeyFilter::new().size(Paging::MAX_SIZE);
            let list = async |after| auth.keys().list(&all.clone().after(after)).await;
            let compared = walk(list, |keys| {
                keys.into_iter().try_for_each(|key| compare(name, key.name))
            });
            (
                compared.await,
                format!("{} shows all keys", command("list", &[])),
            )
        }
        Error::State(StateError::NoSuchUser { user }) => {
            let list = async |after| auth.users().list(&largest(after)).await;
            let compared = walk(list, |users| {
                users
                    .into_iter()
                    .try_for_each(|other| compare(user, other.id))
            });
            (
                compared.await,
                format!("{} shows all keys and their users", command("list", &[])),
            )
        }
        Error::State(StateError::NoSuchGroup { code }) => {
            let list = async |after| auth.groups().list(&largest(after)).await;
            let compared = walk(list, |groups| {
                groups
                    .into_iter()
                    .try_for_each(|group| compare(code, group.code))
            });
            let remedy = match group(code) {
                Ok(code) => format!("{} makes it", command("group create", &[&code])),
                Err(problem) => {
                    format!("{problem}; {} shows all groups", command("group list", &[]))
                }
            };
            (compared.await, remedy)
        }
        _ => return error.into(),
    };
    let help = match likely.filter(|_| compared.is_ok()) {
        Some(alike) => format!("did you mean \"{}\"? {remedy}", printable(&alike)),
        None => remedy,
    };
    Failure::Explained { error, help }
}

/// The name that is nearest to `written`, if one is near enough.
pub(crate) fn alike<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let distance =
        |name: &str| strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase());
    names
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min()
        .map(|(_, name)| name)
}
