//! `group`: lists, creates and deletes groups, and changes which keys are in them.

use auth_api_key::{Authenticator, Error, error::StateError};
use clap::Subcommand;

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    failure::Failure,
    one_key::OneKey,
    output::{
        Output, counted, groups_table, largest, note, print_list, printable, show, show_all, walk,
    },
    values::group,
};

/// List, create and delete groups, which routes ask for; add keys to them and remove keys
#[derive(Subcommand)]
pub(crate) enum Group {
    /// List groups
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Create a group, or change its name
    Create {
        /// The name that routes use
        #[arg(value_parser = group)]
        code: String,
        /// The name for people
        #[arg(long, default_value = "")]
        name: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Delete a group; its keys stay, but routes that ask for it refuse them
    Delete {
        /// The group's code
        code: String,
        #[command(flatten)]
        acting: Acting,
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
        #[command(flatten)]
        acting: Acting,
    },
    /// Take a key out of a group
    Remove {
        /// The group's code
        code: String,
        #[command(flatten)]
        key: OneKey,
        #[command(flatten)]
        acting: Acting,
    },
}

pub(crate) async fn run(arguments: Group, auth: &Authenticator) -> Result<(), Failure> {
    match arguments {
        Group::List { output } => {
            let list = async |after| auth.groups().list(&largest(after)).await;
            print_list(output.json, groups_table, |group| group, list).await
        }
        Group::Create { code, name, acting } => {
            auth.groups()
                .acting_as(acting.name())
                .put(&code, &name)
                .await?;
            note(&format!("group \"{}\" is stored\n", printable(&code)));
            Ok(())
        }
        Group::Delete {
            code,
            acting,
            asking,
            output,
        } => {
            let mut found = None;
            let list = async |after| auth.groups().list(&largest(after)).await;
            walk(list, |groups| {
                found = found
                    .take()
                    .or(groups.into_iter().find(|group| group.code == code));
                Ok(())
            })
            .await?;
            let Some(found) = found else {
                return Err(Error::State(StateError::NoSuchGroup { code }).into());
            };
            ask(
                asking,
                &format!(
                    "Delete group \"{}\"? Its {} keys stay, but routes that ask for it refuse them.",
                    printable(&code),
                    counted(found.keys)
                ),
            )?;
            let groups = auth.groups().acting_as(acting.name());
            show_all(&groups.delete(&code).await?, output)
        }
        Group::Add {
            code,
            key: OneKey { name, output },
            acting,
        } => {
            let groups = auth.groups().acting_as(acting.name());
            show(&groups.add(&code, &name).await?, output)
        }
        Group::Remove {
            code,
            key: OneKey { name, output },
            acting,
        } => {
            let groups = auth.groups().acting_as(acting.name());
            show(&groups.remove(&code, &name).await?, output)
        }
    }
}
