//! A throwaway PostgreSQL server, started from the installed binaries and gone with the tests.

#[path = "../../examples/src/postgres.rs"]
pub mod server;

use std::{
    fs::Permissions,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use self::server::{Postgres, pg_ctl, programs};
pub use self::server::{USER, as_postgres};
use crate::skip;

/// A database of its own, on a server that all tests of the process share.
pub struct Database {
    url: String,
    server: Arc<Postgres>,
}

impl Database {
    /// A new, empty database; none where there is no PostgreSQL, which is said aloud, and which is
    /// a failure where `CI=true`.
    pub async fn new() -> Option<Self> {
        static SERVER: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let server = tokio::task::spawn_blocking(|| {
            let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(server) = shared.upgrade() {
                return Some(server);
            }
            // As many tests run at a time as there are processors, and each may have several nodes.
            let server = Arc::new(server(&[("max_connections", "1000")])?);
            *shared = Arc::downgrade(&server);
            Some(server)
        });
        let server = server.await.unwrap()?;
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(&server.url()).await;
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut admin)
            .await
            .unwrap();
        let url = format!("postgres://{USER}@localhost:{}/{name}", server.port());
        Some(Self { url, server })
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Runs statements by hand, as `psql` would.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql).await;
    }

    /// Statements that drop all tables, and make them as they are now.
    pub fn dump(&self) -> String {
        // Where the programs are links, not all of them need be there.
        let linked = self.server.bin().join("pg_ctl").canonicalize().unwrap();
        let mut dump = Command::new(linked.with_file_name("pg_dump"));
        dump.args(["--clean", "--if-exists", "--inserts", "--no-owner"]);
        let dumped = dump.args(["--dbname", &self.url]).output().unwrap();
        assert!(dumped.status.success(), "{dumped:?}");
        let lines = String::from_utf8(dumped.stdout).unwrap();
        // What begins with a backslash is for `psql`.
        let lines = lines.lines().filter(|line| !line.starts_with('\\'));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub fn port(&self) -> u16 {
        self.server.port()
    }
}

/// Runs statements by hand in the database at an address.
pub async fn execute(url: &str, sql: &str) {
    try_execute(url, sql).await.unwrap();
}

pub async fn try_execute(url: &str, sql: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    sql.execute(&mut connection).await.map(|_| ())
}

/// A server of one's own that can be killed, and started again.
pub struct Mortal(Postgres);

impl Mortal {
    /// None as for [`Database::new`].
    pub async fn start() -> Option<Self> {
        // What is committed must be there again.
        let start = tokio::task::spawn_blocking(|| server(&[("synchronous_commit", "on")]));
        start.await.unwrap().map(Self)
    }

    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Kills the server itself by SIGKILL; those that serve its connections end when they see it.
    pub fn kill(&self) {
        let file = self.0.data_dir().join("postmaster.pid");
        let file = std::fs::read_to_string(file).unwrap();
        signal("KILL", &[file.lines().next().unwrap().to_owned()]);
    }

    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// Stops the server; its connections are closed when this returns.
    pub fn stop(&self) {
        stop(self.0.bin(), &self.0.data_dir());
    }

    /// Starts the server again, on the same folder and port; it serves when this returns.
    pub async fn start_again(&self) {
        self.start_at(self.port()).await;
    }

    /// Has roles, with commas between them, give their passwords; all others are trusted.
    pub async fn ask_for_passwords_of(&self, roles: &str) {
        let file = self.0.data_dir().join("pg_hba.conf");
        let trusting = std::fs::read_to_string(&file).unwrap();
        let asking = format!("host all {roles} all scram-sha-256\n{trusting}");
        std::fs::write(file, asking).unwrap();
        self.stop();
        self.start_again().await;
    }

    /// Moves the server to the port of another one, which is stopped.
    pub async fn move_in_place_of(&self, other: &Self) {
        self.stop();
        self.start_at(other.port()).await;
    }

    async fn start_at(&self, port: u16) {
        start(self.0.bin(), &self.0.data_dir(), port).await;
        let own = format!(":{}/", self.port());
        connect(&self.url().replace(&own, &format!(":{port}/"))).await;
    }
}

/// Starts a server that was there before.
async fn start(bin: &Path, folder: &Path, port: u16) {
    let mut left = 600;
    // Refused as long as a process of the killed server lives.
    while !server::start(bin, folder, port, "-c fsync=off")
        .status()
        .unwrap()
        .success()
    {
        assert!(left > 0, "PostgreSQL does not start: see {folder:?}");
        left -= 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Stops a server, if it runs.
fn stop(bin: &Path, folder: &Path) {
    let mut stop = pg_ctl(bin, folder);
    let _ = stop.args(["stop", "-m", "fast"]).output();
}

/// A server that follows another one, and can only be read.
pub struct Standby {
    folder: PathBuf,
    url: String,
    bin: PathBuf,
    _parent: TempDir,
}

impl Standby {
    /// Copies a server and follows it; serves when this returns.
    pub async fn of(primary: &Mortal) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let everyone = Permissions::from_mode(0o777);
        std::fs::set_permissions(parent.path(), everyone).unwrap();
        let folder = parent.path().join("standby");
        let bin = primary.0.bin().to_owned();
        // Where the programs are links, not all of them need be there.
        let linked = bin.join("pg_ctl").canonicalize().unwrap();
        let mut copy = as_postgres(&linked.with_file_name("pg_basebackup"));
        copy.args(["--dbname", &primary.url(), "--write-recovery-conf"])
            .args(["--checkpoint", "fast", "--pgdata"])
            .arg(&folder);
        let copied = copy.output().unwrap();
        assert!(copied.status.success(), "{copied:?}");
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        start(&bin, &folder, port).await;
        let primary_port = format!(":{}/", primary.port());
        let url = primary.url().replace(&primary_port, &format!(":{port}/"));
        Self {
            folder,
            url,
            bin,
            _parent: parent,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends following; the server can be written to when this returns.
    pub fn promote(&self) {
        let promote = pg_ctl(&self.bin, &self.folder)
            .args(["promote", "-w"])
            .status();
        assert!(promote.unwrap().success());
    }

    /// Starts the server anew on the port of the one that it followed, which is stopped.
    pub async fn move_in_place_of(&self, primary: &Mortal) {
        stop(&self.bin, &self.folder);
        start(&self.bin, &self.folder, primary.port()).await;
        connect(&primary.url()).await;
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        let mut stop = pg_ctl(&self.bin, &self.folder);
        let _ = stop.args(["stop", "-m", "immediate"]).status();
    }
}

/// Sends a signal to processes.
pub fn signal(signal: &str, processes: &[String]) {
    let mut kill = Command::new("kill");
    let status = kill.args(["-s", signal]).args(processes).status();
    assert!(status.unwrap().success());
}

/// Connects to a server that may have been started just now.
async fn connect(url: &str) -> PgConnection {
    let mut left = 100;
    loop {
        match PgConnection::connect(url).await {
            Ok(connection) => return connection,
            Err(error) if left == 0 => panic!("PostgreSQL does not start: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        left -= 1;
    }
}

/// A server of one's own; none where it cannot be started, which is said aloud.
fn server(settings: &[(&str, &str)]) -> Option<Postgres> {
    is_there().then(|| Postgres::start(settings).unwrap())
}

/// Whether a server can be started here; said aloud where it cannot.
pub fn is_there() -> bool {
    if let Err(missing) = programs() {
        skip(&missing.to_string());
        return false;
    }
    let runs = as_postgres(Path::new("true")).status();
    let runs = runs.is_ok_and(|status| status.success());
    if !runs {
        skip(
            "PostgreSQL does not run as root: run the tests as another user, or install `setpriv` (package \
             `util-linux`) and make a user `postgres`",
        );
    }
    runs
}
