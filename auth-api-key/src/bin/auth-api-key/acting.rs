//! Who makes a change, for the trail.

/// Of commands that change something.
#[derive(clap::Args)]
pub(crate) struct Acting {
    /// Who acts, for the trail: the operating system's user where this is missing
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
}

impl Acting {
    pub(crate) fn name(&self) -> String {
        let given = self.actor.clone();
        given.unwrap_or_else(|| whoami::username().unwrap_or_else(|_| "unknown".to_owned()))
    }
}
