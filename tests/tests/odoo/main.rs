//! Keys that an Odoo keeps, and answers as Odoo gives them.

mod answers;
mod changes;
mod demo;
mod found;
mod imports;
mod restored;
mod shapes;

use std::process::Command;

use auth_api_key::{
    Authenticator,
    authenticator::ArchivedUsers,
    key::{Group, Paging},
    odoo::OdooStore,
};
use tests::postgres::Database;

const ODOO_16: &str = include_str!("../../odoo/16.sql");
const ODOO_16_SERVER_ENV: &str = include_str!("../../odoo/16_server_env.sql");
const ODOO_18: &str = include_str!("../../odoo/18.sql");

const GOOD: &str = "good-key-0123456789abcdef";

/// The database of an Odoo; `None` if there is no PostgreSQL.
async fn odoo(tables: &str) -> Option<Database> {
    let database = Database::new().await?;
    database.execute(tables).await;
    Some(database)
}

/// Runs a program of `tests/odoo` by a Python that has the package `requests`; nothing where there is
/// none.
fn python(program: &str, arguments: &[&str]) {
    let has_requests = |python: &&str| {
        let import = Command::new(python)
            .args(["-c", "import requests"])
            .output();
        import.is_ok_and(|import| import.status.success())
    };
    let Some(python) = ["python3", "/usr/bin/python3"]
        .into_iter()
        .find(has_requests)
    else {
        return tests::skip("no Python with `requests`; install the package `python3-requests`");
    };
    let client = Command::new(python)
        .arg(format!("{}/odoo/{program}", env!("CARGO_MANIFEST_DIR")))
        .args(arguments)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&client.stderr);
    assert!(client.status.success(), "{told}");
}

/// The address of a database for a user who has these grants.
async fn reader(database: &Database, grants: &str) -> String {
    let role = "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'of-the-reader';
                EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$";
    database.execute(role).await;
    database.execute(grants).await;
    let url = database.url();
    let (_, server) = url.split_once('@').unwrap();
    format!("postgres://reader:of-the-reader@{server}")
}

/// Verifies against a database, with the keys of archived users admitted as in Odoo.
async fn as_odoo(database: &Database) -> Authenticator {
    let builder = Authenticator::builder().archived_users(ArchivedUsers::Ignore);
    let store = OdooStore::open(&database.url()).await.unwrap();
    builder.build(store).await.unwrap()
}

async fn listed_groups(auth: &Authenticator) -> Vec<Group> {
    auth.groups().list(&Paging::new()).await.unwrap().items
}

/// What was skipped, and why.
async fn import(auth: &Authenticator, database: &Database) -> (usize, Vec<(i64, String)>) {
    let odoo = OdooStore::open(&database.url()).await.unwrap();
    let imported = auth.maintenance().import_odoo(&odoo, None).await.unwrap();
    let skipped = imported.skipped.iter();
    let skipped = skipped
        .map(|skipped| (skipped.id, skipped.reason.to_string()))
        .collect();
    (imported.created.len(), skipped)
}
