//! `import-odoo`: copies the keys of an Odoo, and reports what was left out and why.

use std::{env, path::PathBuf};

use auth_api_key::{
    Authenticator,
    odoo::{Imported, OdooStore},
    store::EnvironmentKeys,
};
use serde_json::json;

use crate::{
    acting::Acting,
    database::without_password,
    failure::{Failure, message},
    output::{Output, note, print_json},
};

/// Copy the keys of an Odoo; callers keep the texts that they have
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A file, INI or TOML, with the texts that the Odoo's module `auth_api_key_server_env`
    /// gives keys, in sections `[api_key_NAME]`; /dev/null if it gives none. Give several files in the
    /// order in which Odoo reads them, odoo.conf last. INI is read as Odoo reads it; a line that
    /// Odoo cannot read is an error. The variables SERVER_ENV_CONFIG and SERVER_ENV_CONFIG_SECRET
    /// are read after the files
    #[arg(long, value_name = "FILE")]
    server_env: Vec<PathBuf>,
    /// Print what would be imported, and import nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(
    arguments: Args,
    odoo_url: &str,
    auth: &Authenticator,
) -> Result<(), Failure> {
    let Args {
        server_env,
        dry_run,
        acting,
        output,
    } = arguments;
    let opened = OdooStore::open(odoo_url).await;
    let odoo = opened.map_err(|error| {
        let url = without_password(odoo_url);
        Failure::Failed(format!("--odoo-url {url}: {}", message(&error)))
    })?;
    let variables = ["SERVER_ENV_CONFIG", "SERVER_ENV_CONFIG_SECRET"];
    let given = !server_env.is_empty() || variables.map(env::var_os) != [None, None];
    let environment = EnvironmentKeys::server_environment(server_env)?;
    let environment = Some(&environment).filter(|_| given);
    let imported = match dry_run {
        true => {
            auth.maintenance()
                .preview_odoo_import(&odoo, environment)
                .await?
        }
        false => {
            let maintenance = auth.maintenance().acting_as(acting.name());
            maintenance.import_odoo(&odoo, environment).await?
        }
    };
    let Imported {
        created,
        skipped,
        remarks,
        ..
    } = &imported;
    if output.json {
        let created: Vec<_> = created.iter().map(|key| &key.name).collect();
        let skipped: Vec<_> = skipped
            .iter()
            .map(|key| json!({"id": key.id, "name": key.name, "reason": key.reason.to_string()}))
            .collect();
        return print_json(&json!({
            "imported": created,
            "skipped": skipped,
            "remarks": remarks,
            "dry_run": dry_run,
        }));
    }
    for remark in remarks {
        note(&format!("warning: {remark}\n"));
    }
    for key in skipped {
        note(&format!(
            "skipped: {:?} (id {} in Odoo): {}\n",
            key.name, key.id, key.reason
        ));
    }
    let done = match dry_run {
        true => "would be imported",
        false => "imported",
    };
    let archived = created.iter().filter(|key| !key.active || !key.user_active);
    note(&format!(
        "{} keys {done} ({} of them are archived, or their users are), {} skipped\n",
        created.len(),
        archived.count(),
        skipped.len()
    ));
    Ok(())
}
