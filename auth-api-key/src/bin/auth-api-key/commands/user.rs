//! `user`: archives and unarchives the users that keys act for.

use auth_api_key::{Authenticator, key::KeyFilter};
use clap::Subcommand;

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    failure::Failure,
    output::{Output, printable, show_all},
};

/// Archive and unarchive users, for whom keys act
#[derive(Subcommand)]
pub(crate) enum User {
    /// Archive a user: all their keys are refused until `user unarchive`
    Archive {
        /// The user's id
        user: String,
        #[command(flatten)]
        acting: Acting,
        #[command(flatten)]
        asking: Asking,
        #[command(flatten)]
        output: Output,
    },
    /// Unarchive a user: their keys are admitted again
    Unarchive {
        /// The user's id
        user: String,
        #[command(flatten)]
        acting: Acting,
        #[command(flatten)]
        output: Output,
    },
}

pub(crate) async fn run(arguments: User, auth: &Authenticator) -> Result<(), Failure> {
    match arguments {
        User::Archive {
            user,
            acting,
            asking,
            output,
        } => {
            let keys = auth.keys().count(&KeyFilter::new().user(&user)).await?;
            ask(
                asking,
                &format!(
                    "Archive user {}? All their keys ({keys}) are refused from then on.",
                    printable(&user)
                ),
            )?;
            let users = auth.users().acting_as(acting.name());
            show_all(&users.archive(&user).await?, output)
        }
        User::Unarchive {
            user,
            acting,
            output,
        } => {
            let users = auth.users().acting_as(acting.name());
            show_all(&users.unarchive(&user).await?, output)
        }
    }
}
