//! Databases on a throwaway PostgreSQL server, and servers that one test has for itself. They are deleted
//! after the tests.

// It finds the installed programs and starts a server. The examples need that, too.
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

/// A new database on a server that all tests of the process share.
pub struct Database {
    url: String,
    server: Arc<Postgres>,
}

impl Database {
    /// A new, empty database. Without PostgreSQL it is `None` and prints that the test is skipped; with
    /// `CI=true` it panics.
    pub async fn new() -> Option<Self> {
        static SERVER: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let server = tokio::task::spawn_blocking(|| {
            let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(server) = shared.upgrade() {
                return Some(server);
            }
            // Many tests may run at a time, and each may have several nodes.
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

    /// Statements that drop all tables and make them again as they are now.
    pub fn dump(&self) -> String {
        // If the programs are links, some may be missing in the folder of the links.
        let linked = self.server.bin().join("pg_ctl").canonicalize().unwrap();
        let mut dump = Command::new(linked.with_file_name("pg_dump"));
        dump.args(["--clean", "--if-exists", "--inserts", "--no-owner"]);
        let dumped = dump.args(["--dbname", &self.url]).output().unwrap();
        assert!(dumped.status.success(), "{dumped:?}");
        let lines = String::from_utf8(dumped.stdout).unwrap();
        // Lines that begin with a backslash are for `psql`.
        let lines = lines.lines().filter(|line| !line.starts_with('\\'));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub fn port(&self) -> u16 {
        self.server.port()
    }
}

/// Runs statements in the database at an address.
pub async fn execute(url: &str, sql: &str) {
    try_execute(url, sql).await.unwrap();
}

pub async fn try_execute(url: &str, sql: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    sql.execute(&mut connection).await.map(|_| ())
}

/// A separate server that can be killed, and started again.
pub struct OwnServer(Postgres);

impl OwnServer {
    /// `None` as for [`Database::new`].
    pub async fn start() -> Option<Self> {
        // Commits must survive a kill.
        let start = tokio::task::spawn_blocking(|| server(&[("synchronous_commit", "on")]));
        start.await.unwrap().map(Self)
    }

    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Kills the main process by SIGKILL. The processes of its connections end when they notice.
    pub fn kill(&self) {
        let file = self.0.data_dir().join("postmaster.pid");
        let file = std::fs::read_to_string(file).unwrap();
        signal("KILL", &[file.lines().next().unwrap().to_owned()]);
    }

    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// Stops the server. Its connections are closed when this returns.
    pub fn stop(&self) {
        stop(self.0.bin(), &self.0.data_dir());
    }

    /// Starts the server again, on the same folder and port. It serves when this returns.
    pub async fn start_again(&self) {
        self.start_at(self.port()).await;
    }

    /// From now on these roles, separated by commas, need their passwords. All others need none.
    pub async fn ask_for_passwords_of(&self, roles: &str) {
        let file = self.0.data_dir().join("pg_hba.conf");
        let trusting = std::fs::read_to_string(&file).unwrap();
        let asking = format!("host all {roles} all scram-sha-256\n{trusting}");
        std::fs::write(file, asking).unwrap();
        self.stop();
        self.start_again().await;
    }

    /// Moves the server to the port of another server, which is stopped.
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

/// Starts a server on a folder that exists.
async fn start(bin: &Path, folder: &Path, port: u16) {
    let mut left = 600;
    // The start fails as long as a process of the killed server lives.
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

/// A server that follows another server, and can only be read.
pub struct Standby {
    folder: PathBuf,
    url: String,
    bin: PathBuf,
    _parent: TempDir,
}

impl Standby {
    /// Copies a server and follows it. It serves when this returns.
    pub async fn of(primary: &OwnServer) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let everyone = Permissions::from_mode(0o777);
        std::fs::set_permissions(parent.path(), everyone).unwrap();
        let folder = parent.path().join("standby");
        let bin = primary.0.bin().to_owned();
        // If the programs are links, some may be missing in the folder of the links.
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

    /// Stops following. The server can be written to when this returns.
    pub fn promote(&self) {
        let promote = pg_ctl(&self.bin, &self.folder)
            .args(["promote", "-w"])
            .status();
        assert!(promote.unwrap().success());
    }

    /// Starts the server again on the port of the server that it followed, which is stopped.
    pub async fn move_in_place_of(&self, primary: &OwnServer) {
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

/// Connects to a server that may just have been started.
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

/// A separate server. If it cannot be started, this is `None` and prints that the test is skipped.
fn server(settings: &[(&str, &str)]) -> Option<Postgres> {
    is_there().then(|| Postgres::start(settings).unwrap())
}

/// Whether a server can be started here. If not, this prints that the test is skipped.
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
