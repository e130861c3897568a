//! The program `auth-api-key`: manages keys from the command line, for people and for scripts. It uses
//! the crate as any other program does.

mod acting;
mod asking;
mod commands;
mod database;
mod failure;
mod input;
mod one_key;
mod output;
mod suggestions;
mod values;
mod waiting;

use std::process::ExitCode;

use auth_api_key::{Authenticator, Error};
use clap::{CommandFactory, Parser, Subcommand};

#[cfg(feature = "admin")]
use crate::commands::admin;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
use crate::commands::copy;
#[cfg(feature = "odoo")]
use crate::{commands::import_odoo, database::without_password, output::LOGINS};
use crate::{
    commands::{
        archive, completions, create, delete, group, import, list, migrate, neutralize, rotate,
        show, stats, trail, update, user, verify,
    },
    database::{Database, WithoutTables},
    failure::{Failure, message},
    output::{OPTIONS, note},
    suggestions::explained,
    waiting::saying_why,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  done; `verify`: the key would be admitted
  1  failed; nothing was changed, unless the message says so
  2  the arguments cannot be used, or a command that asks has neither a terminal nor `--yes`
  3  there is no such key, user or group
  4  `verify`: the key would be refused
  5  `list --expiring-within`: there are such keys

Environment:
  DATABASE_URL              the database, if --database-url is not given
  ODOO_DATABASE_URL         the Odoo of `import-odoo`, if --odoo-url is not given
  DATABASE_WATCH_URL        the PostgreSQL server behind a pooler, if --watch-url is not given
  COPY_FROM_URL, COPY_TO_URL
                            the databases of `copy`, if --from and --to are not given
  API_KEY_DEFAULT_LIFETIME, API_KEY_MAX_LIFETIME
                            how long keys live, if --default-lifetime or --max-lifetime is not given
  API_KEY_PEPPER_<VERSION>  the pepper of this version, if the server has one: `create`, `rotate`,
                            `import` and `verify` need it. This makes a new pepper:
                            head -c 32 /dev/urandom | base64 | tr -d '\\n'";

/// Manage the API keys of a server: create, rotate and archive them, and find out why one is refused.
///
/// The program prints the text of a key once, on standard output, when it issues the text. It never
/// takes a text as an argument, since other users of the machine can read arguments: it reads texts
/// from standard input.
#[derive(Parser)]
#[command(name = "auth-api-key", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    database: Database,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Create(create::Args),
    List(list::Args),
    Show(show::Args),
    Update(update::Args),
    Rotate(rotate::Args),
    Archive(archive::Archive),
    Unarchive(archive::Unarchive),
    Delete(delete::Args),
    #[command(subcommand)]
    Group(group::Group),
    #[command(subcommand)]
    User(user::User),
    Verify(verify::Args),
    Import(import::Args),
    #[cfg(feature = "odoo")]
    ImportOdoo(import_odoo::Args),
    Stats(stats::Args),
    #[cfg(feature = "admin")]
    Admin(admin::Args),
    Trail(trail::Args),
    Prune(trail::Prune),
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    Copy(copy::Args),
    Neutralize(neutralize::Args),
    Migrate(migrate::Args),
    Completions(completions::Args),
}

impl Command {
    /// What the command does if there are no tables.
    fn without_tables(&self) -> WithoutTables {
        match self {
            Self::Create(_) | Self::Import(_) => WithoutTables::Make,
            #[cfg(feature = "odoo")]
            Self::ImportOdoo(arguments) if arguments.dry_run => WithoutTables::Pretend,
            #[cfg(feature = "odoo")]
            Self::ImportOdoo(_) => WithoutTables::Make,
            _ => WithoutTables::Fail,
        }
    }

    /// Whether the command issues texts of keys, or looks for one.
    fn needs_peppers(&self) -> bool {
        match self {
            Self::Create(_) | Self::Rotate(_) | Self::Verify(_) | Self::Import(_) => true,
            #[cfg(feature = "admin")]
            Self::Admin(_) => true,
            #[cfg(feature = "odoo")]
            Self::ImportOdoo(_) => true,
            _ => false,
        }
    }

    /// Whether the command can read the keys of an Odoo.
    #[cfg(feature = "odoo")]
    fn reads(&self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Show(_) | Self::Verify(_) | Self::Stats(_)
        )
    }

    /// The databases that the command is about, for messages.
    fn about(&self, database: &Database) -> Result<String, Failure> {
        let target = database.url_without_password()?;
        Ok(match self {
            #[cfg(feature = "odoo")]
            Self::ImportOdoo(_) => {
                let odoo = without_password(&database.odoo_to_import()?);
                format!("from {odoo} to {target}")
            }
            _ => target,
        })
    }

    /// Whether the command makes one small change, which is quick unless it waits for another.
    fn makes_a_change(&self) -> bool {
        matches!(
            self,
            Self::Create(_)
                | Self::Update(_)
                | Self::Rotate(_)
                | Self::Archive(_)
                | Self::Unarchive(_)
                | Self::Delete(_)
                | Self::Group(_)
                | Self::User(_)
        )
    }
}

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|failure| {
        note(&format!("error: {failure}\n"));
        ExitCode::from(failure.exit_code())
    })
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Completions(arguments) = cli.command {
        completions::run(arguments, Cli::command())?;
        return Ok(ExitCode::SUCCESS);
    }
    let _ = OPTIONS.set(cli.database.options());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(error.to_string()))?;
    runtime.block_on(async {
        match cli.command {
            Command::Neutralize(arguments) => neutralize::run(arguments, &cli.database).await?,
            Command::Migrate(arguments) => migrate::run(arguments, &cli.database).await?,
            #[cfg(any(feature = "sqlite", feature = "postgres"))]
            Command::Copy(arguments) => copy::run(arguments).await?,
            command => return with_keys(command, &cli.database).await,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Runs a command on the keys of the database.
async fn with_keys(command: Command, database: &Database) -> Result<ExitCode, Failure> {
    #[cfg(feature = "odoo")]
    if let Some(url) = database.odoo()
        && !matches!(command, Command::ImportOdoo(_))
    {
        if !command.reads() {
            return Err(Failure::Usage(
                "only `list`, `show`, `verify`, `stats` and `import-odoo` take `--odoo-url`\n\
                 help: change the keys of an Odoo in Odoo; leave `--odoo-url` out to change those of this \
                 program"
                    .to_owned(),
            ));
        }
        let (auth, logins) = Database::open_odoo(url).await?;
        let _ = LOGINS.set(logins);
        return dispatch(command, database, &auth).await;
    }
    let (without_tables, peppers) = (command.without_tables(), command.needs_peppers());
    let about = command.about(database)?;
    let auth = saying_why(database.open(without_tables, peppers)).await?;
    if let Some(copy) = auth.maintenance().unfinished_copy().await? {
        note(&format!("warning: {copy}\n"));
    }
    let done = match command.makes_a_change() {
        true => saying_why(dispatch(command, database, &auth)).await,
        false => dispatch(command, database, &auth).await,
    };
    match done {
        Err(Failure::Library(error @ Error::Store(_))) => {
            Err(Failure::Failed(format!("{about}: {}", message(&error))))
        }
        Err(Failure::Library(error)) => Err(explained(error, &auth).await),
        done => done,
    }
}

async fn dispatch(
    command: Command,
    database: &Database,
    auth: &Authenticator,
) -> Result<ExitCode, Failure> {
    #[cfg(not(feature = "odoo"))]
    let _ = database;
    match command {
        Command::Create(arguments) => create::run(arguments, auth).await?,
        Command::List(arguments) => return list::run(arguments, auth).await,
        Command::Show(arguments) => show::run(arguments, auth).await?,
        Command::Update(arguments) => update::run(arguments, auth).await?,
        Command::Rotate(arguments) => rotate::run(arguments, auth).await?,
        Command::Archive(arguments) => archive::archive(arguments, auth).await?,
        Command::Unarchive(arguments) => archive::unarchive(arguments, auth).await?,
        Command::Delete(arguments) => delete::run(arguments, auth).await?,
        Command::Group(arguments) => group::run(arguments, auth).await?,
        Command::User(arguments) => user::run(arguments, auth).await?,
        // Nothing is awaited after it, so the task that writes uses does not write this one.
        Command::Verify(arguments) => return verify::run(arguments, auth).await,
        Command::Import(arguments) => import::run(arguments, auth).await?,
        #[cfg(feature = "odoo")]
        Command::ImportOdoo(arguments) => {
            import_odoo::run(arguments, &database.odoo_to_import()?, auth).await?
        }
        Command::Stats(arguments) => stats::run(arguments, auth).await?,
        #[cfg(feature = "admin")]
        Command::Admin(arguments) => admin::run(arguments, auth).await?,
        Command::Trail(arguments) => trail::run(arguments, auth).await?,
        Command::Prune(arguments) => trail::prune(arguments, auth).await?,
        // `run` handles these.
        Command::Neutralize(_) | Command::Migrate(_) | Command::Completions(_) => {}
        #[cfg(any(feature = "sqlite", feature = "postgres"))]
        Command::Copy(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_consistent() {
        Cli::command().debug_assert();
    }
}
