//! Nodes as processes of their own, over one database; and revocations, seen from another node.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use auth_api_key::{
    Authenticator, NewKey,
    store::{PostgresStore, SqliteStore},
};

use sqlx::{
    Connection as _, PgConnection,
    migrate::{Migration, MigrationType, Migrator},
};

use crate::{
    Client, GatedStore,
    postgres::{self, Database},
    send,
    sqlite::{self, File},
};

/// A database that several nodes share.
pub enum Shared {
    File(File),
    Server(Database),
}

impl Shared {
    pub fn file() -> Self {
        Self::File(File::temporary())
    }

    /// `None` if there is no PostgreSQL.
    pub async fn server() -> Option<Self> {
        Some(Self::Server(Database::new().await?))
    }

    /// One of each kind, if there is PostgreSQL.
    pub async fn each() -> impl Iterator<Item = Self> {
        [Some(Self::file()), Self::server().await]
            .into_iter()
            .flatten()
    }

    /// Measures each of both kinds, in a runtime with one worker. After `cargo bench … --`, the name of one
    /// measures it alone.
    pub fn measure_each(measure: impl AsyncFn(&Self)) {
        let name = std::env::args().skip(1).find(|name| !name.starts_with('-'));
        let is_named = |shared: &Self| match &name {
            Some(name) => name.eq_ignore_ascii_case(shared.database()),
            None => true,
        };
        let databases = ["sqlite", "postgresql"];
        assert!(
            name.iter()
                .all(|name| databases.contains(&name.to_lowercase().as_str())),
            "there is no database {name:?}: {databases:?}"
        );
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        runtime.expect("a runtime starts").block_on(async {
            for shared in Self::each().await.filter(is_named) {
                measure(&shared).await;
            }
        });
    }

    /// What the planner of the database goes by. And writes what is not on the disk yet.
    pub async fn gather_statistics(&self) {
        let statements: &[&str] = match self {
            Self::File(_) => &["ANALYZE"],
            Self::Server(_) => &["VACUUM ANALYZE", "CHECKPOINT"],
        };
        for statement in statements {
            self.execute(statement).await;
        }
    }

    /// What the database is called.
    pub fn database(&self) -> &'static str {
        match self {
            Self::File(_) => "SQLite",
            Self::Server(_) => "PostgreSQL",
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::File(file) => file.url(),
            Self::Server(database) => database.url(),
        }
    }

    /// Runs statements by hand, as `sqlite3` and `psql` would.
    pub async fn execute(&self, sql: &str) {
        match self {
            Self::File(file) => file.execute(sql).await,
            Self::Server(database) => database.execute(sql).await,
        }
    }

    /// As [`execute`](Self::execute), or why the database does not.
    pub async fn try_execute(&self, sql: &str) -> sqlx::Result<()> {
        match self {
            Self::File(file) => sqlite::try_execute(&file.path(), sql).await,
            Self::Server(database) => postgres::try_execute(&database.url(), sql).await,
        }
    }

    /// What a query gives: texts, one in a row.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let query = sqlx::AssertSqlSafe(sql.to_owned());
        match self {
            Self::File(file) => {
                let query = sqlx::query_scalar(query);
                query.fetch_all(&mut file.connection().await).await.unwrap()
            }
            Self::Server(database) => {
                let mut connection = PgConnection::connect(&database.url()).await.unwrap();
                let query = sqlx::query_scalar(query);
                query.fetch_all(&mut connection).await.unwrap()
            }
        }
    }

    /// Makes the tables of the first migration, without a key, in an empty database.
    pub async fn make_first_version(&self) {
        // What sqlx writes down of the migration, and the check value, are those of any database.
        let (tables, row) = match self {
            Self::File(made) => {
                fs::write(made.path(), "").unwrap();
                let file = File::temporary();
                Authenticator::connect(&file.url()).await.unwrap();
                let row = "SELECT hex(checksum), (SELECT hex(check_value) FROM api_key_pepper)
                           FROM _auth_api_key_migrations WHERE version = 1";
                let row = sqlx::query_as(row)
                    .fetch_one(&mut file.connection().await)
                    .await;
                (
                    include_str!("../../auth-api-key/migrations/sqlite/0001_keys.sql"),
                    row,
                )
            }
            Self::Server(_) => {
                let database = Database::new().await.unwrap();
                Authenticator::connect(&database.url()).await.unwrap();
                let row = "SELECT encode(checksum, 'hex'),
                               (SELECT encode(check_value, 'hex') FROM api_key_pepper)
                           FROM _auth_api_key_migrations WHERE version = 1";
                let mut connection = PgConnection::connect(&database.url()).await.unwrap();
                let row = sqlx::query_as(row).fetch_one(&mut connection).await;
                (
                    include_str!("../../auth-api-key/migrations/postgres/0001_keys.sql"),
                    row,
                )
            }
        };
        let (checksum, check): (String, String) = row.unwrap();
        let (bytes, time, [checksum, check]) = match self {
            Self::File(_) => (
                "BLOB",
                "TIMESTAMP",
                [checksum, check].map(|hex| format!("x'{hex}'")),
            ),
            Self::Server(_) => (
                "BYTEA",
                "TIMESTAMPTZ",
                [checksum, check].map(|hex| format!("decode('{hex}', 'hex')")),
            ),
        };
        self.execute(&format!(
            "{tables};
             INSERT INTO api_key_pepper (version, check_value) VALUES (0, {check});
             CREATE TABLE _auth_api_key_migrations (
                 version BIGINT PRIMARY KEY, description TEXT NOT NULL,
                 installed_on {time} NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL,
                 checksum {bytes} NOT NULL, execution_time BIGINT NOT NULL);
             INSERT INTO _auth_api_key_migrations (version, description, success, checksum, execution_time)
                 VALUES (1, 'keys', TRUE, {checksum}, 0);"
        ))
        .await;
    }

    /// Runs the migrations up to this one, at most the fourth, as an older version of this crate did.
    pub async fn migrate_to(&self, newest: usize) {
        macro_rules! of {
            ($database:literal) => {
                [
                    include_str!(concat!(
                        "../../auth-api-key/migrations/",
                        $database,
                        "/0001_keys.sql"
                    )),
                    include_str!(concat!(
                        "../../auth-api-key/migrations/",
                        $database,
                        "/0002_lists.sql"
                    )),
                    include_str!(concat!(
                        "../../auth-api-key/migrations/",
                        $database,
                        "/0003_trail.sql"
                    )),
                    include_str!(concat!(
                        "../../auth-api-key/migrations/",
                        $database,
                        "/0004_search.sql"
                    )),
                ]
            };
        }
        let names = ["keys", "lists", "trail", "search"];
        let migrator = |sql: [&'static str; 4]| {
            let migrations = (1..).zip(names.into_iter().zip(sql)).take(newest);
            let migrations = migrations.map(|(version, (name, sql))| {
                let sql = sqlx::SqlSafeStr::into_sql_str(sql);
                Migration::new(version, name.into(), MigrationType::Simple, sql, false)
            });
            let mut migrator = Migrator::with_migrations(migrations.collect());
            migrator.dangerous_set_table_name("_auth_api_key_migrations");
            migrator
        };
        match self {
            Self::File(file) => {
                fs::write(file.path(), "").unwrap();
                let migrator = migrator(of!("sqlite"));
                let mut connection = file.connection().await;
                migrator.run_direct(None, &mut connection, false).await
            }
            Self::Server(database) => {
                let migrator = migrator(of!("postgres"));
                let mut connection = PgConnection::connect(&database.url()).await.unwrap();
                migrator.run_direct(None, &mut connection, false).await
            }
        }
        .unwrap();
    }

    /// A node in this process, whose look-ups are counted.
    pub async fn node(&self) -> (Authenticator, GatedStore) {
        self.store().await.node().await
    }

    /// What a node in this process is made over.
    pub async fn store(&self) -> GatedStore {
        match self {
            Self::File(_) => GatedStore::over(SqliteStore::open(&self.url()).await.unwrap()),
            Self::Server(_) => GatedStore::over(PostgresStore::open(&self.url()).await.unwrap()),
        }
    }
}

/// A process that serves the keys of a database; ended when dropped.
pub struct Node {
    process: Child,
    pub address: SocketAddr,
}

impl Node {
    /// Starts `program`, the binary `node` of this package, after the words of `before`.
    pub fn start(before: &[&str], program: &str, url: &str, cache_capacity: usize) -> Self {
        let words = [program, url, &cache_capacity.to_string()];
        let words: Vec<&str> = before.iter().copied().chain(words).collect();
        let mut process = Command::new(words[0])
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let address = line.trim().parse().unwrap();
        Self { process, address }
    }

    /// The time that its threads have been on a CPU.
    pub fn on_cpu(&self) -> Duration {
        let threads = format!("/proc/{}/task", self.process.id());
        let nanoseconds = fs::read_dir(threads).unwrap().map(|thread| {
            let schedstat = thread.unwrap().path().join("schedstat");
            let schedstat = fs::read_to_string(schedstat).unwrap();
            let (on_cpu, _) = schedstat.split_once(' ').unwrap();
            on_cpu.parse::<u64>().unwrap()
        });
        Duration::from_nanos(nanoseconds.sum())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a key is revoked.
#[derive(Clone, Copy, Debug)]
pub enum Revocation {
    /// By the library, in the other node's process.
    Library,
    /// By hand, as `psql` and `sqlite3` would.
    Sql,
}

/// Two nodes over one database.
pub struct Cluster<'a> {
    shared: &'a Shared,
    here: Node,
    there: Node,
    /// How many of `key-0`, `key-1`, … are left to revoke; a text is its key's name.
    keys: usize,
}

impl<'a> Cluster<'a> {
    /// Two nodes that know `keys` keys, which can be revoked.
    pub async fn start(program: &str, shared: &'a Shared, keys: usize) -> Self {
        let auth = Authenticator::connect(&shared.url()).await.unwrap();
        let key = |index| {
            let name = format!("key-{index}");
            NewKey::new(&name, "user").text(name)
        };
        auth.keys().create_all((0..keys).map(key)).await.unwrap();
        let [here, there] = [(), ()].map(|()| Node::start(&[], program, &shared.url(), 100_000));
        Self {
            shared,
            here,
            there,
            keys,
        }
    }

    /// The time that one of the nodes has been on a CPU.
    pub fn on_cpu(&self) -> Duration {
        self.there.on_cpu()
    }

    /// Warms both nodes with a key, and revokes it while it is in use on the other: how long that node still
    /// admitted it after the revocation had returned. No node admits it again after it has refused it.
    pub async fn revoke(&mut self, by: Revocation) -> Duration {
        self.keys -= 1;
        let name = format!("key-{}", self.keys);
        let mut here = Client::new(self.here.address, "/guarded", &name);
        let mut there = Client::new(self.there.address, "/guarded", &name);
        for client in [&mut here, &mut there] {
            assert_eq!((client.status(), client.status()), (200, 200));
        }
        let watching = tokio::task::spawn_blocking(move || {
            let mut last_yes = UNIX_EPOCH;
            while there.status() == 200 {
                last_yes = SystemTime::now();
                std::thread::sleep(Duration::from_micros(200));
            }
            for _ in 0..20 {
                assert_eq!(
                    there.status(),
                    401,
                    "a key is valid again after it was refused"
                );
            }
            last_yes
        });
        let returned = match by {
            Revocation::Library => {
                let path = format!("/archive/{name}");
                let answer = send(self.here.address, "POST", &path, &[], b"").await;
                assert_eq!(here.status(), 401, "valid where it was revoked");
                UNIX_EPOCH + Duration::from_micros(answer.body.parse().unwrap())
            }
            Revocation::Sql => {
                let archive = format!("UPDATE api_key SET active = FALSE WHERE name = '{name}'");
                self.shared.execute(&archive).await;
                SystemTime::now()
            }
        };
        let last_yes = watching.await.unwrap();
        last_yes.duration_since(returned).unwrap_or_default()
    }
}
