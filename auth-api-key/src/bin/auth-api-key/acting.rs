//! Who makes a change, for the trail.

/// The argument of every command that makes a change.
#[derive(clap::Args)]
pub(crate) struct Acting {
    /// Who makes the change, for the trail; without this, the user of the operating system
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
}

impl Acting {
    pub(crate) fn name(&self) -> String {
        let given = self.actor.clone();
        given.unwrap_or_else(|| whoami::username().unwrap_or_else(|_| "unknown".to_owned()))
    }
}
