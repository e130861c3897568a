//! The grants that the documentation lists for each role of PostgreSQL: with them it does all that it
//! is for, and without any of them it says which one is missing.

use std::{
    sync::atomic::{AtomicU8, AtomicUsize, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use auth_api_key::{
    Authenticator, Error, NewKey,
    error::StateError,
    key::{Digest, KeyFilter, KeyOrder, KeyUpdate, Paging, TrailEvent, TrailFilter},
    store::{Change, KeyStore, Lookup, NewSession, PostgresStore, copy},
};
use serde_json::Map;
use tests::{
    Log, listed, name_of,
    postgres::{Database, try_execute},
    sqlite::File,
};

const GRANTS: &str = include_str!("../../../auth-api-key/src/store/grants.md");
const PEPPER: &[u8] = b"a pepper of the tests";

/// One of those that the table lists for a column: a privilege, and what it is on.
#[derive(Clone, Debug)]
struct Grant {
    privilege: String,
    on: String,
}

fn grants(column: &str) -> Vec<Grant> {
    let mut rows = GRANTS.lines().filter(|line| line.starts_with("| "));
    let cells = |row: &str| -> Vec<String> {
        let cells = row.split('|').map(|cell| cell.trim().replace('`', ""));
        cells.skip(1).collect()
    };
    let head = cells(rows.next().unwrap());
    let column = head.iter().position(|cell| cell == column).unwrap();
    let rows = rows.filter(|row| !row.starts_with("| ---")).map(cells);
    let grants = rows.flat_map(|row| {
        let on = row[0].replace("SCHEMA of the tables", "SCHEMA public");
        let privileges = row[column].split(", ").filter(|cell| !cell.is_empty());
        let privileges: Vec<String> = privileges.map(str::to_owned).collect();
        privileges.into_iter().map(move |privilege| Grant {
            privilege,
            on: on.clone(),
        })
    });
    grants.collect()
}

/// A role that has all that a column lists.
struct Role {
    name: String,
    database: Database,
    grants: Vec<Grant>,
    /// The text of a key that is there.
    text: String,
}

impl Role {
    async fn new(column: &str) -> Option<Self> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let database = Database::new().await?;
        let name = format!("role_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let owner = Authenticator::builder().pepper(1, PEPPER);
        let owner = owner.connect(&database.url()).await.unwrap();
        let key = NewKey::new("old", "user").groups(["shop"]);
        let created = owner.keys().create(key).await.unwrap();
        owner.groups().put("spare", "").await.unwrap();
        database
            .execute(&format!(
                "CREATE ROLE {name} LOGIN PASSWORD 'secret';
                 REVOKE ALL ON SCHEMA public FROM PUBLIC"
            ))
            .await;
        let role = Self {
            name,
            database,
            grants: grants(column),
            text: created.secret.expose().to_owned(),
        };
        for grant in &role.grants {
            role.grant(grant).await;
        }
        Some(role)
    }

    async fn grant(&self, Grant { privilege, on }: &Grant) {
        let grant = format!("GRANT {privilege} ON {on} TO {}", self.name);
        self.database.execute(&grant).await;
    }

    async fn revoke(&self, Grant { privilege, on }: &Grant) {
        let revoke = format!("REVOKE {privilege} ON {on} FROM {}", self.name);
        self.database.execute(&revoke).await;
    }

    fn url(&self) -> String {
        let url = self.database.url();
        let (_, place) = url.split_once('@').unwrap();
        format!("postgres://{}:secret@{place}", self.name)
    }

    async fn open(&self) -> Result<PostgresStore, Error> {
        PostgresStore::open(&self.url()).await
    }

    async fn connect(&self) -> Result<Authenticator, Error> {
        let builder = Authenticator::builder().pepper(1, PEPPER);
        builder.connect(&self.url()).await
    }
}

/// An error and its causes.
fn told(error: &Error) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(String::new, ToString::to_string)
}

async fn verifies(role: &Role) -> Result<(), Error> {
    let auth = role.connect().await?;
    assert_eq!(name_of(&auth, &role.text).await.unwrap(), "old");
    Ok(())
}

/// What an owner of keys does, whatever was done before.
async fn operates(role: &Role) -> Result<(), Error> {
    let left =
        "DELETE FROM api_key WHERE name = 'new'; DELETE FROM api_key_group WHERE code = 'erp';
                DELETE FROM api_key_pepper WHERE version = 2";
    role.database.execute(left).await;
    let auth = Authenticator::builder().pepper(1, PEPPER).pepper(2, PEPPER);
    let auth = auth.connect(&role.url()).await?;
    let key = NewKey::new("new", "other user").groups(["shop", "erp"]);
    auth.keys().create(key).await?;
    auth.keys().archive("new").await?;
    auth.keys().rotate("new", Duration::from_secs(60)).await?;
    auth.keys().rotate("new", Duration::ZERO).await?;
    let update = KeyUpdate::new().user("user").groups(["erp"]);
    auth.keys().update("new", update).await?;
    auth.users().archive("user").await?;
    auth.users().unarchive("user").await?;
    auth.groups().put("spare", "renamed").await?;
    auth.groups().add("spare", "new").await?;
    auth.groups().remove("spare", "new").await?;
    auth.groups().delete("erp").await?;
    for order in [KeyOrder::Name, KeyOrder::LastUse] {
        auth.keys().list(&KeyFilter::new().order(order)).await?;
    }
    auth.maintenance().trail(&TrailFilter::new()).await?;
    match auth.keys().unused(UNIX_EPOCH, &KeyFilter::new()).await {
        // No use was recorded.
        Err(Error::State(StateError::UsesNotRecorded { .. })) => {}
        unused => drop(unused?),
    }
    auth.groups().list(&Paging::new()).await?;
    auth.users().list(&Paging::new()).await?;
    auth.keys().delete("new").await?;
    signs_in_to_the_pages(role).await
}

async fn signs_in_to_the_pages(role: &Role) -> Result<(), Error> {
    let store = role.open().await?;
    let sessions = store.sessions().unwrap();
    // Another one each time: an attempt before may have begun a session, or added the group.
    static BEGUN: AtomicU8 = AtomicU8::new(0);
    let number = BEGUN.fetch_add(1, Ordering::Relaxed);
    let (token, now) = (Digest::from([number; 32]), SystemTime::now());
    let session = NewSession {
        token: &token,
        key_id: 1,
        digests: &[Digest::from([2; 32])],
        now,
    };
    sessions.record_refused(&Map::new()).await?;
    sessions.operator_groups().await?;
    sessions
        .add_operator_groups(&[&format!("managers {number}")])
        .await?;
    sessions.begin(session).await?;
    // The next use is noted.
    let later = now + Duration::from_secs(120);
    assert!(sessions.resume(&token, later).await?.is_some());
    sessions.end(&token).await
}

async fn neutralizes(role: &Role) -> Result<(), Error> {
    role.open().await?.change(&Change::Neutralize, None).await?;
    Ok(())
}

#[tokio::test]
async fn verifying_node_says_which_grant_is_missing() {
    let Some(role) = Role::new("a verifying node").await else {
        return;
    };
    verifies(&role).await.unwrap();
    for grant in &role.grants {
        role.revoke(grant).await;
        let said = told(&verifies(&role).await.unwrap_err());
        let Grant { privilege, on } = grant;
        let expected = format!("`GRANT {privilege} ON {on} TO {}`", role.name);
        assert!(said.contains(&expected), "{grant:?}: {said}");
        role.grant(grant).await;
    }
}

#[tokio::test]
async fn server_says_which_grant_is_missing() {
    let Some(role) = Role::new("a server").await else {
        return;
    };
    let uses = [(1, UNIX_EPOCH + Duration::from_secs(1))];
    let record = async |store: PostgresStore| {
        let pepper = async {
            let auth = Authenticator::builder().pepper(1, PEPPER).pepper(2, PEPPER);
            store.record_uses(&uses).await.unwrap();
            auth.build(store).await.unwrap();
        };
        let (log, ()) = Log::of(pepper).await;
        role.database
            .execute("DELETE FROM api_key_pepper WHERE version = 2")
            .await;
        let warnings = log.lines().filter(|line| line.contains("WARN"));
        warnings.map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(record(role.open().await.unwrap()).await, "");
    for grant in &role.grants {
        role.revoke(grant).await;
        let Grant { privilege, on } = grant;
        let expected = format!("GRANT {privilege} ON {on} TO {}", role.name);
        let said = match role.open().await {
            Ok(store) => record(store).await,
            Err(error) => told(&error),
        };
        assert!(said.contains(&expected), "{grant:?}: {said}");
        role.grant(grant).await;
    }
}

#[tokio::test]
async fn operator_says_which_grant_is_missing() {
    let Some(role) = Role::new("an owner of keys").await else {
        return;
    };
    operates(&role).await.unwrap();
    for grant in &role.grants {
        role.revoke(grant).await;
        let failed = match operates(&role).await {
            Ok(()) => neutralizes(&role).await,
            failed => failed,
        };
        let said = told(&failed.expect_err(&format!("without {grant:?}")));
        let Grant { privilege, on } = grant;
        let exact = said.contains(&format!("`GRANT {privilege} ON {on} TO {}`", role.name));
        let of_table = said.contains(&format!("permission denied for table {on}"))
            || said.contains(&format!("permission denied for view {on}"));
        let needs = of_table && said.contains(&format!(" on `{on}`")) && said.contains(privilege);
        assert!(exact || needs, "{grant:?}: {said}");
        role.grant(grant).await;
        let left =
            "DELETE FROM api_key WHERE name = 'new'; DELETE FROM api_key_group WHERE code = 'erp'";
        role.database.execute(left).await;
    }
    neutralizes(&role).await.unwrap();
    let auth = Authenticator::connect(&role.database.url()).await.unwrap();
    assert_eq!(listed(&auth, &KeyFilter::new()).await.len(), 1);
}

#[tokio::test]
async fn operator_copies_all_keys_and_hands_them_over() {
    let Some(role) = Role::new("an owner of keys").await else {
        return;
    };
    let file = File::temporary();
    assert_eq!(
        copy(&role.url(), &file.url(), Some("mover"), |_| {})
            .await
            .unwrap(),
        1
    );
    let auth = Authenticator::builder().pepper(1, PEPPER);
    let auth = auth.connect(&file.url()).await.unwrap();
    assert_eq!(name_of(&auth, &role.text).await.unwrap(), "old");
}

#[tokio::test]
async fn role_that_may_only_read_verifies_and_says_once_that_uses_are_not_recorded() {
    let Some(role) = Role::new("a verifying node").await else {
        return;
    };
    let store = role.open().await.unwrap();
    let used_at = || async {
        let auth = Authenticator::builder().pepper(1, PEPPER);
        let auth = auth.connect(&role.database.url()).await.unwrap();
        auth.keys().get("old").await.unwrap().unwrap().last_used_at
    };
    let uses = [(1, SystemTime::now())];
    let (log, ()) = Log::of(async {
        store.record_uses(&uses).await.unwrap();
        store.record_uses(&uses).await.unwrap();
    })
    .await;
    assert_eq!(
        log.matches("last uses are not recorded").count(),
        1,
        "{log}"
    );
    assert_eq!(used_at().await, None);
    for grant in grants("a server") {
        role.grant(&grant).await;
    }
    store.record_uses(&uses).await.unwrap();
    assert!(used_at().await.is_some());
}

#[tokio::test]
async fn role_that_may_make_nothing_names_the_missing_migration() {
    let Some(database) = Database::new().await else {
        return;
    };
    database
        .execute("CREATE ROLE maker_of_nothing LOGIN PASSWORD 'secret'")
        .await;
    let url = database.url();
    let (_, place) = url.split_once('@').unwrap();
    let url = format!("postgres://maker_of_nothing:secret@{place}");
    let error = Authenticator::connect(&url).await.unwrap_err();
    assert!(
        error.to_string().contains("`auth-api-key migrate`"),
        "{error}"
    );
    assert!(
        told(&error).contains("permission denied for schema public"),
        "{error:?}"
    );
}

#[tokio::test]
async fn role_that_changes_keys_can_neither_forge_nor_change_nor_delete_events() {
    let Some(role) = Role::new("an owner of keys").await else {
        return;
    };
    for grant in grants("a server") {
        role.grant(&grant).await;
    }
    let Role { name, database, .. } = &role;
    // What a schema was for everybody in before, and what a table of one's own needs.
    database
        .execute(&format!(
            "GRANT CREATE ON SCHEMA public TO {name};
             GRANT TRIGGER ON api_key, api_key_secret, api_key_group_member TO {name}"
        ))
        .await;
    let auth = role.connect().await.unwrap();
    let keys = auth.keys().acting_as("alice");
    keys.archive("old").await.unwrap();
    let events = async || {
        let owner = Authenticator::builder().pepper(1, PEPPER);
        let owner = owner.connect(&database.url()).await.unwrap();
        let maintenance = owner.maintenance();
        maintenance.trail(&TrailFilter::new()).await.unwrap().items
    };
    let before = events().await;
    for (attempt, refusal) in [
        (
            "INSERT INTO api_key_event (action) VALUES ('created')",
            "permission denied",
        ),
        (
            "UPDATE api_key_event SET actor = 'bob'",
            "permission denied",
        ),
        ("DELETE FROM api_key_event", "permission denied"),
        ("TRUNCATE api_key_event", "permission denied"),
        ("DROP TABLE api_key_event", "must be owner"),
        ("ALTER TABLE api_key DISABLE TRIGGER ALL", "must be owner"),
        (
            "SET session_replication_role = replica",
            "permission denied",
        ),
        ("DROP TRIGGER trail_updated ON api_key", "must be owner"),
        (
            "CREATE OR REPLACE FUNCTION api_key_merged(earlier jsonb, later jsonb) RETURNS jsonb
             LANGUAGE sql AS 'SELECT NULL::jsonb'",
            "must be owner",
        ),
        // With rows of one's own, as changes of keys.
        (
            "CREATE TABLE of_a_forger (id bigint);
             CREATE TRIGGER forged AFTER INSERT ON of_a_forger FOR EACH STATEMENT
             EXECUTE FUNCTION api_key_record('SELECT 1, ''deleted'', ''{}''::jsonb')",
            "permission denied for function",
        ),
        (
            "CREATE TRIGGER forged AFTER INSERT ON api_key FOR EACH STATEMENT EXECUTE FUNCTION
             api_key_record_others('SELECT ''user deleted'', NULL, ''user'', ''{}''::jsonb')",
            "permission denied for function",
        ),
    ] {
        let refused = try_execute(&role.url(), attempt).await.unwrap_err();
        assert!(
            refused.to_string().contains(refusal),
            "{attempt}: {refused}"
        );
        assert_eq!(events().await, before, "{attempt}");
    }
    // Functions of one's own, of the names that triggers call, are not called with the owner's rights.
    let traps =
        "CREATE FUNCTION jsonb_build_object(text, bigint, text, text) RETURNS jsonb LANGUAGE sql AS
                     $$ SELECT '\"trapped\"'::jsonb $$;
                 CREATE FUNCTION jsonb_build_object(text, jsonb) RETURNS jsonb LANGUAGE plpgsql AS
                     $$ BEGIN DELETE FROM api_key_event; RETURN '{}'; END $$;
                 CREATE FUNCTION jsonb_build_object(text, text) RETURNS jsonb LANGUAGE plpgsql AS
                     $$ BEGIN DELETE FROM api_key_event; RETURN '{}'; END $$;
                 CREATE FUNCTION jsonb_build_array(text) RETURNS jsonb LANGUAGE plpgsql AS
                     $$ BEGIN DELETE FROM api_key_event; RETURN '[]'; END $$;";
    try_execute(&role.url(), traps).await.unwrap();
    // Only the owner copies, and a change is an event whatever else is said.
    let change = "SET auth_api_key.trail = 'copied'; SET auth_api_key.actor = 'bob';
                  SET search_path = pg_temp;
                  CREATE TEMPORARY TABLE api_key_event (LIKE public.api_key_event INCLUDING ALL);
                  UPDATE public.api_key SET active = TRUE, name = 'new name' WHERE name = 'old';
                  DELETE FROM public.api_key_group WHERE code = 'shop'";
    try_execute(&role.url(), change).await.unwrap();
    let after = events().await;
    assert_eq!(after[2..], before);
    let of = |event: &TrailEvent| {
        (
            event.action.clone(),
            event.session_user.clone(),
            event.actor.clone(),
        )
    };
    let by = |action: &str| {
        (
            action.to_owned(),
            Some(name.clone()),
            Some("bob".to_owned()),
        )
    };
    let expected = [by("group deleted"), by("unarchived")];
    assert_eq!(after[..2].iter().map(of).collect::<Vec<_>>(), expected);
    let pruned = auth.maintenance().prune(SystemTime::now()).await;
    let said = told(&pruned.unwrap_err());
    assert!(
        said.contains("only the owner of the tables deletes events"),
        "{said}"
    );
    assert_eq!(events().await, after);
}
