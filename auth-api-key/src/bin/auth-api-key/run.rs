//! What each command does.

use std::{
    io::{self, IsTerminal, Read},
    process::ExitCode,
    time::Duration,
};

use auth_api_key::{
    Authenticator, Error, NewKey,
    error::StateError,
    key::{CreatedKey, Cursor, KeyFilter, KeyRecord, KeyState, KeyUpdate, Paging},
    store::Change,
};
use clap::CommandFactory;
use console::Term;

use crate::{
    arguments::{
        Asking, Cli, Command, Create, Database, Group, List, OneKey, Output, Rotate, Update, User,
    },
    failure::Failure,
    import,
    output::{
        Issued, groups_table, json, key_table, keys_table, note, print, print_all, print_json,
        print_list, quoted, shown, walk,
    },
    stats, verify,
};

pub(crate) fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Completions { shell } = cli.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "auth-api-key", &mut script);
        print(&String::from_utf8_lossy(&script))?;
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(error.to_string()))?;
    runtime.block_on(async {
        if let Command::Neutralize { asking } = cli.command {
            return neutralize(asking, &cli.database).await;
        }
        let create = match &cli.command {
            Command::Create(_)
            | Command::Import { .. }
            | Command::Migrate
            | Command::Group(Group::Create { .. }) => true,
            #[cfg(feature = "odoo")]
            Command::ImportOdoo { .. } => true,
            _ => false,
        };
        let auth = cli.database.open(create).await?;
        let done = command(cli.command, &auth, &cli.database).await;
        match done {
            Err(Failure::Library(error)) => Err(explained(error, &auth).await),
            done => done,
        }
    })
}

async fn command(
    command: Command,
    auth: &Authenticator,
    database: &Database,
) -> Result<ExitCode, Failure> {
    match command {
        Command::Create(arguments) => create(arguments, auth).await?,
        Command::List(arguments) => list(arguments, auth).await?,
        Command::Show(OneKey { name, output }) => show(&existing(auth, &name).await?, output)?,
        Command::Update(arguments) => update(arguments, auth).await?,
        Command::Rotate(arguments) => rotate(arguments, auth).await?,
        Command::Archive(OneKey { name, output }) => {
            show(&auth.keys().archive(&name).await?, output)?
        }
        Command::Unarchive(OneKey { name, output }) => {
            show(&auth.keys().unarchive(&name).await?, output)?
        }
        Command::Delete { key, asking } => {
            let record = existing(auth, &key.name).await?;
            let used = match record.last_used_at {
                Some(time) => format!("last used {}", shown(time)),
                None => "never used".to_owned(),
            };
            ask(
                asking,
                &format!(
                    "Delete key \"{}\" of user {}, {used}? It cannot be had back.",
                    record.name, record.user
                ),
            )?;
            show(&auth.keys().delete(&key.name).await?, key.output)?;
        }
        Command::Group(arguments) => group(arguments, auth).await?,
        Command::User(User::Archive {
            user,
            asking,
            output,
        }) => {
            let keys = auth.keys().count(&KeyFilter::new().user(&user)).await?;
            ask(
                asking,
                &format!("Archive user {user}? All their keys ({keys}) are then refused."),
            )?;
            show_all(&auth.users().archive(&user).await?, output)?;
        }
        Command::User(User::Unarchive { user, output }) => {
            show_all(&auth.users().unarchive(&user).await?, output)?;
        }
        // Nothing is awaited afterwards, so that a use that was none is not written.
        Command::Verify(arguments) => return verify::run(arguments, auth).await,
        Command::Import { format } => import::run(format, auth).await?,
        #[cfg(feature = "odoo")]
        Command::ImportOdoo {
            odoo_url,
            server_env,
            dry_run,
            output,
        } => crate::odoo::run(&odoo_url, server_env, dry_run, output, auth).await?,
        Command::Stats { output } => stats::run(output, auth).await?,
        Command::Migrate => note(&format!(
            "the tables in {} are up to date\n",
            database.place()?
        )),
        // Done before a database is opened.
        Command::Neutralize { .. } | Command::Completions { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(arguments: Create, auth: &Authenticator) -> Result<(), Failure> {
    let Create {
        key: OneKey { name, output },
        user,
        groups,
        networks,
        expires,
        prefix,
        technical_name,
        metadata,
        text_from_stdin,
    } = arguments;
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
    if text_from_stdin {
        let created = auth.keys().create(key.text(text_from_input()?)).await?;
        return show(&created.record, output);
    }
    issued(&auth.keys().create(key).await?, output)
}

async fn list(arguments: List, auth: &Authenticator) -> Result<(), Failure> {
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
    print_list(arguments.output.json, keys_table, async |after| {
        auth.keys().list(&filter.clone().after(after)).await
    })
    .await
}

async fn update(arguments: Update, auth: &Authenticator) -> Result<(), Failure> {
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
    show(&auth.keys().update(&name, update).await?, output)
}

async fn rotate(arguments: Rotate, auth: &Authenticator) -> Result<(), Failure> {
    let OneKey { name, output } = arguments.key;
    let overlap = arguments.overlap.unwrap_or(Duration::ZERO);
    existing(auth, &name).await?;
    if overlap.is_zero() {
        ask(
            arguments.asking,
            &format!(
                "Rotate key \"{name}\"? Its present text stops working at once; with `--overlap \
                 1h` it works for another hour."
            ),
        )?;
    }
    issued(&auth.keys().rotate(&name, overlap).await?, output)
}

async fn group(arguments: Group, auth: &Authenticator) -> Result<(), Failure> {
    match arguments {
        Group::List { output } => {
            print_list(output.json, groups_table, async |after| {
                auth.groups().list(&whole(after)).await
            })
            .await
        }
        Group::Create { code, title } => {
            auth.groups().put(&code, &title).await?;
            note(&format!("group \"{code}\" is there\n"));
            Ok(())
        }
        Group::Delete {
            code,
            asking,
            output,
        } => {
            let mut found = None;
            let list = async |after| auth.groups().list(&whole(after)).await;
            walk(list, |groups| {
                found = found
                    .take()
                    .or(groups.into_iter().find(|group| group.code == code));
                Ok(())
            })
            .await?;
            let Some(group) = found else {
                return Err(Error::State(StateError::NoSuchGroup { code }).into());
            };
            ask(
                asking,
                &format!(
                    "Delete group \"{code}\"? Its {} keys stay, but routes that ask for it refuse \
                     them.",
                    group.keys
                ),
            )?;
            show_all(&auth.groups().delete(&code).await?, output)
        }
        Group::Add {
            code,
            key: OneKey { name, output },
        } => show(&auth.groups().add(&code, &name).await?, output),
        Group::Remove {
            code,
            key: OneKey { name, output },
        } => show(&auth.groups().remove(&code, &name).await?, output),
    }
}

async fn neutralize(asking: Asking, database: &Database) -> Result<ExitCode, Failure> {
    let (store, place) = (database.open_copy().await?, database.place()?);
    let keys = store.count(&KeyFilter::new()).await?;
    ask(
        asking,
        &format!(
            "Archive all {keys} keys in {place} and forget their texts? They can never be used \
             again."
        ),
    )?;
    store.change(&Change::Neutralize).await?;
    note(&format!(
        "{keys} keys in {place} are archived, and their texts and peppers are forgotten\n"
    ));
    Ok(ExitCode::SUCCESS)
}

async fn existing(auth: &Authenticator, name: &str) -> Result<KeyRecord, Error> {
    auth.keys().get(name).await?.ok_or_else(|| {
        Error::State(StateError::NoSuchKey {
            name: name.to_owned(),
        })
    })
}

fn show(key: &KeyRecord, output: Output) -> Result<(), Failure> {
    match output.json {
        true => print_json(key),
        false => print(&key_table(&Term::stdout(), key)),
    }
}

fn show_all(keys: &[KeyRecord], output: Output) -> Result<(), Failure> {
    match output.json {
        true => print_json(keys),
        false => print(&keys_table(keys, true)),
    }
}

/// Shows a text that was issued, alone on standard output, or in the key's JSON.
fn issued(created: &CreatedKey, output: Output) -> Result<(), Failure> {
    let CreatedKey { record, secret, .. } = created;
    let text = match output.json {
        true => json(&Issued {
            record,
            key: secret.expose(),
        })?,
        false => {
            note(&key_table(&Term::stderr(), record));
            note("Keep this text; it is not shown again:\n");
            format!("{}\n", secret.expose())
        }
    };
    print_all(&text).map_err(|error| {
        Failure::Failed(format!(
            "the text of key \"{}\" was issued, but cannot be shown: {error}\n\
             help: issue another one with `auth-api-key rotate {}`",
            record.name,
            quoted(&record.name)
        ))
    })
}

/// The text of a key from standard input, without the end of its line; unseen where it is typed.
pub(crate) fn text_from_input() -> Result<String, Failure> {
    let terminal = Term::stderr();
    if io::stdin().is_terminal() && terminal.is_term() {
        note("The text of the key (it is not shown): ");
        return terminal.read_secure_line().map_err(Failure::Input);
    }
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(Failure::Input)?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

/// Goes on only if whoever sits at the terminal, or `--yes`, says so.
fn ask(asking: Asking, question: &str) -> Result<(), Failure> {
    if asking.yes {
        return Ok(());
    }
    let terminal = Term::stderr();
    if !io::stdin().is_terminal() || !terminal.is_term() {
        return Err(Failure::Usage(format!(
            "nobody can be asked, since this is no terminal: {question}\nhelp: to do it without \
             being asked, add `--yes`"
        )));
    }
    note(&format!("{question} [y/N] "));
    let answer = terminal.read_line().map_err(Failure::Input)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::Failed(
            "not confirmed; nothing was changed".to_owned(),
        )),
    }
}

/// The largest page after this place.
pub(crate) fn whole(after: Option<Cursor>) -> Paging {
    Paging::new().size(Paging::MAX_SIZE).after(after)
}

/// Says what is there of what was not found.
async fn explained(error: Error, auth: &Authenticator) -> Failure {
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
                "`auth-api-key list` shows all keys".to_owned(),
            )
        }
        Error::State(StateError::NoSuchUser { user }) => {
            let list = async |after| auth.users().list(&whole(after)).await;
            let compared = walk(list, |users| {
                users
                    .into_iter()
                    .try_for_each(|other| compare(user, other.id))
            });
            (
                compared.await,
                "`auth-api-key list` shows all keys and their users".to_owned(),
            )
        }
        Error::State(StateError::NoSuchGroup { code }) => {
            let list = async |after| auth.groups().list(&whole(after)).await;
            let compared = walk(list, |groups| {
                groups
                    .into_iter()
                    .try_for_each(|group| compare(code, group.code))
            });
            (
                compared.await,
                format!("`auth-api-key group create {}` makes it", quoted(code)),
            )
        }
        _ => return error.into(),
    };
    let help = match likely.filter(|_| compared.is_ok()) {
        Some(alike) => format!("did you mean \"{alike}\"? {remedy}"),
        None => remedy,
    };
    Failure::Explained { error, help }
}

/// The name that is most like what was written, if there is one.
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
