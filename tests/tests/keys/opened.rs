//! Opening a database: a node makes missing tables, or says which are missing if it must not make them.
//! It does not change foreign tables, or a database that is complete.

use std::{collections::BTreeMap, fs};

use auth_api_key::{
    Authenticator, Error, NewKey,
    error::OpenError,
    store::{KeyStore, PostgresStore, SqliteStore},
};
use sqlx::{Connection, Executor, PgConnection};
use tests::{cluster::Shared, name_of, over_each_database};

over_each_database! {
    database_without_tables_is_not_changed_unless_they_are_to_be_made
    error_names_a_missing_migration_and_a_node_that_may_makes_it
    error_names_a_foreign_table_and_the_table_is_not_changed
    tables_without_the_table_of_migrations_are_foreign
    complete_database_is_opened_while_it_is_locked
    opening_a_complete_database_only_reads_it
}

/// The content of a database: files with their bytes, or tables, functions and types.
async fn contents(shared: &Shared) -> BTreeMap<String, Vec<u8>> {
    match shared {
        Shared::File(file) => {
            let files = fs::read_dir(file.folder()).unwrap().map(Result::unwrap);
            let held = |file: fs::DirEntry| {
                let name = file.file_name().into_string().unwrap();
                (name, fs::read(file.path()).unwrap())
            };
            files.map(held).collect()
        }
        Shared::Server(_) => {
            let made =
                "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
                        UNION SELECT oid::regprocedure::text FROM pg_proc
                        WHERE pronamespace = 'public'::regnamespace";
            let mut connection = PgConnection::connect(&shared.url()).await.unwrap();
            let made: Vec<String> = sqlx::query_scalar(made)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            made.into_iter().map(|name| (name, Vec::new())).collect()
        }
    }
}

async fn connect(shared: &Shared, migrate: bool) -> Result<Authenticator, Error> {
    let builder = Authenticator::builder().migrate(migrate);
    builder.connect(&shared.url()).await
}

/// The errors of all ways to open a database without making its tables.
async fn refusals(shared: &Shared) -> [Error; 2] {
    let store = match shared {
        Shared::File(_) => SqliteStore::open_existing(&shared.url()).await.err(),
        Shared::Server(_) => PostgresStore::open_existing(&shared.url()).await.err(),
    };
    [store.unwrap(), connect(shared, false).await.unwrap_err()]
}

async fn database_without_tables_is_not_changed_unless_they_are_to_be_made(shared: Shared) {
    if let Shared::File(file) = &shared {
        for error in refusals(&shared).await {
            assert!(
                matches!(error, Error::Open(OpenError::Unopened { .. })),
                "{error}"
            );
        }
        assert!(contents(&shared).await.is_empty());
        fs::write(file.path(), "").unwrap();
    }
    shared
        .execute("CREATE TABLE invoice (id integer PRIMARY KEY)")
        .await;
    let before = contents(&shared).await;
    for error in refusals(&shared).await {
        let said = error.to_string();
        assert!(said.contains("migration 1 (`keys`)"), "{said}");
        assert!(said.contains("run `auth-api-key migrate`"), "{said}");
        assert!(
            matches!(
                error,
                Error::Open(OpenError::MissingMigration { version: 1, .. })
            ),
            "{error:?}"
        );
    }
    assert_eq!(contents(&shared).await, before);
    drop(connect(&shared, true).await.unwrap());
    connect(&shared, false).await.unwrap();
}

async fn error_names_a_missing_migration_and_a_node_that_may_makes_it(shared: Shared) {
    shared.migrate_to(1).await;
    let before = contents(&shared).await;
    for error in refusals(&shared).await {
        let said = error.to_string();
        assert!(said.contains("migration 2 (`lists`)"), "{said}");
        assert!(said.contains("run `auth-api-key migrate`"), "{said}");
    }
    assert_eq!(contents(&shared).await, before);
    drop(connect(&shared, true).await.unwrap());
    connect(&shared, false).await.unwrap();
}

async fn error_names_a_foreign_table_and_the_table_is_not_changed(shared: Shared) {
    for made in [
        "CREATE TABLE api_key (id integer PRIMARY KEY, secret text)",
        "CREATE VIEW api_key_to_list AS SELECT 1 AS one",
    ] {
        if let Shared::File(file) = &shared {
            fs::write(file.path(), "").unwrap();
            file.execute("PRAGMA journal_mode = WAL").await;
        }
        shared.execute(made).await;
        let before = contents(&shared).await;
        let name = made.split(' ').nth(2).unwrap();
        let mut errors = Vec::from(refusals(&shared).await);
        errors.push(connect(&shared, true).await.unwrap_err());
        for error in errors {
            assert!(
                matches!(&error, Error::Open(OpenError::ForeignTable { table }) if table == name),
                "{error:?}"
            );
        }
        assert_eq!(contents(&shared).await, before);
        let kind = made.split(' ').nth(1).unwrap();
        shared.execute(&format!("DROP {kind} {name}")).await;
    }
}

async fn tables_without_the_table_of_migrations_are_foreign(shared: Shared) {
    drop(connect(&shared, true).await.unwrap());
    shared.execute("DROP TABLE _auth_api_key_migrations").await;
    let error = connect(&shared, true).await.unwrap_err().to_string();
    let remedy = "copy `_auth_api_key_migrations`, too";
    assert!(error.contains(remedy), "{error}");
}

async fn complete_database_is_opened_while_it_is_locked(shared: Shared) {
    drop(connect(&shared, true).await.unwrap());
    // A node that makes tables would need these locks.
    let (mut file, mut server);
    match &shared {
        Shared::File(at) => {
            file = at.connection().await;
            file.execute("BEGIN IMMEDIATE").await.unwrap();
        }
        Shared::Server(database) => {
            server = PgConnection::connect(&database.url()).await.unwrap();
            let locked = "BEGIN; LOCK TABLE _auth_api_key_migrations, api_key IN EXCLUSIVE MODE;
                          SELECT FROM api_key_generation FOR UPDATE";
            server.execute(locked).await.unwrap();
        }
    }
    connect(&shared, true).await.unwrap();
}

async fn opening_a_complete_database_only_reads_it(shared: Shared) {
    let auth = connect(&shared, true).await.unwrap();
    let created = auth.keys().create(NewKey::new("a", "user")).await.unwrap();
    let text = created.secret.expose();
    drop(auth);
    let url = match &shared {
        Shared::File(_) => shared.url(),
        Shared::Server(_) => format!(
            "{}?options=-cdefault_transaction_read_only%3Don",
            shared.url()
        ),
    };
    let auth = Authenticator::connect(&url).await.unwrap();
    assert_eq!(name_of(&auth, text).await.unwrap(), "a");
    let repaired = match &shared {
        Shared::File(_) => SqliteStore::open(&url).await.unwrap().repair().await,
        Shared::Server(_) => PostgresStore::open(&url).await.unwrap().repair().await,
    };
    assert_eq!(repaired.unwrap(), [""; 0]);
}
