//! A throwaway PostgreSQL server, started from the installed binaries and gone with the tests.

use std::{
    fs::Permissions,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use pgtemp::{PgTempDB, PgTempDBBuilder};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use crate::skip;

/// A database of its own, on a server that all tests of the process share.
pub struct Database {
    url: String,
    server: Arc<PgTempDB>,
}

impl Database {
    /// A new, empty database; none where there is no PostgreSQL, which is said aloud, and which is
    /// a failure where `CI=true`.
    pub async fn new() -> Option<Self> {
        static SERVER: Mutex<Weak<PgTempDB>> = Mutex::new(Weak::new());
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let server = tokio::task::spawn_blocking(|| {
            let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(server) = shared.upgrade() {
                return Some(server);
            }
            // As many tests run at a time as there are processors, and each may have several nodes.
            let builder = server()?.with_config_param("max_connections", "1000");
            let server = Arc::new(builder.start());
            *shared = Arc::downgrade(&server);
            Some(server)
        });
        let server = server.await.unwrap()?;
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(&server.connection_uri()).await;
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut admin)
            .await
            .unwrap();
        let url = format!(
            "postgres://{}:{}@localhost:{}/{name}",
            server.db_user(),
            server.db_pass(),
            server.db_port()
        );
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
        let linked = bin().unwrap().join("pg_ctl").canonicalize().unwrap();
        let mut dump = Command::new(linked.with_file_name("pg_dump"));
        dump.args(["--clean", "--if-exists", "--inserts", "--no-owner"]);
        let dumped = dump.args(["--dbname", &self.url]).output().unwrap();
        assert!(dumped.status.success(), "{dumped:?}");
        let lines = String::from_utf8(dumped.stdout).unwrap();
        // What begins with a backslash is for `psql`.
        let lines = lines.lines().filter(|line| !line.starts_with('\\'));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Kept until the last test that uses it has ended.
    pub fn server(&self) -> &PgTempDB {
        &self.server
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
pub struct Mortal {
    server: PgTempDB,
    bin: PathBuf,
}

impl Mortal {
    /// None as for [`Database::new`].
    pub async fn start() -> Option<Self> {
        let start = tokio::task::spawn_blocking(|| {
            // What is committed must be there again.
            let builder = server()?.with_config_param("synchronous_commit", "on");
            let bin = builder.bin_path.clone().unwrap();
            let server = builder.start();
            Some(Self { server, bin })
        });
        let mortal = start.await.unwrap()?;
        connect(&mortal.url()).await;
        Some(mortal)
    }

    pub fn url(&self) -> String {
        self.server.connection_uri()
    }

    /// Kills the server itself by SIGKILL; those that serve its connections end when they see it.
    pub fn kill(&self) {
        let file = self.server.data_dir().join("postmaster.pid");
        let file = std::fs::read_to_string(file).unwrap();
        signal("KILL", &[file.lines().next().unwrap().to_owned()]);
    }

    pub fn port(&self) -> u16 {
        self.server.db_port()
    }

    /// Stops the server; its connections are closed when this returns.
    pub fn stop(&self) {
        stop(&self.bin, &self.server.data_dir());
    }

    /// Starts the server again, on the same folder and port; it serves when this returns.
    pub async fn start_again(&self) {
        self.start_at(self.port()).await;
    }

    /// Has roles, with commas between them, give their passwords; all others are trusted.
    pub async fn ask_for_passwords_of(&self, roles: &str) {
        let file = self.server.data_dir().join("pg_hba.conf");
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
        start(&self.bin, &self.server.data_dir(), port).await;
        let own = format!(":{}/", self.port());
        connect(&self.url().replace(&own, &format!(":{port}/"))).await;
    }
}

/// Starts a server that was there before.
async fn start(bin: &Path, folder: &Path, port: u16) {
    let log = folder.join("restarted.log");
    let options = format!(
        "-c port={port} -c fsync=off -c unix_socket_directories={}",
        folder.display()
    );
    let log = log.to_str().unwrap();
    let mut left = 600;
    // Refused as long as a process of the killed server lives.
    while !pg_ctl(bin, folder)
        .args(["start", "-w", "-o", &options, "-l", log])
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
    {
        assert!(left > 0, "PostgreSQL does not start: see {log}");
        left -= 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Stops a server, if it runs.
fn stop(bin: &Path, folder: &Path) {
    let mut stop = pg_ctl(bin, folder);
    let _ = stop.args(["stop", "-m", "fast"]).output();
}

fn pg_ctl(bin: &Path, folder: &Path) -> Command {
    let mut command = as_postgres(bin.join("pg_ctl"));
    command.arg("-s").arg("-D").arg(folder);
    command
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
        let bin = primary.bin.clone();
        // Where the programs are links, not all of them need be there.
        let linked = bin.join("pg_ctl").canonicalize().unwrap();
        let mut copy = as_postgres(linked.with_file_name("pg_basebackup"));
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
        // Of another user, where this one is root.
        let _ = as_postgres("rm".into())
            .arg("-r")
            .arg(&self.folder)
            .status();
    }
}

/// A program that does not run as root.
fn as_postgres(program: PathBuf) -> Command {
    let mut command = match is_root() {
        true => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-u", "postgres"]).arg(program);
            sudo
        }
        false => Command::new(program),
    };
    command.current_dir("/");
    command
}

impl Drop for Mortal {
    fn drop(&mut self) {
        let mut stop = pg_ctl(&self.bin, &self.server.data_dir());
        let _ = stop.args(["stop", "-m", "immediate"]).output();
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

/// A server that can be started here.
pub fn server() -> Option<PgTempDBBuilder> {
    let Some(bin) = bin() else {
        skip("no PostgreSQL server is installed; install the package `postgresql`");
        return None;
    };
    // The server does not run as root, and pgtemp becomes the user `postgres` by `sudo`.
    if is_root() && Command::new("sudo").arg("-V").output().is_err() {
        skip("PostgreSQL does not run as root; run the tests as a user, or install `sudo`");
        return None;
    }
    // What the server prints goes into a pipe that nobody reads.
    Some(
        PgTempDB::builder()
            .with_bin_path(bin)
            .with_config_param("log_min_messages", "panic")
            .with_config_param("log_destination", "stderr"),
    )
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout == b"0\n")
}

/// Where the server's programs are: they are not always on the path.
fn bin() -> Option<PathBuf> {
    let has_server = |folder: &PathBuf| folder.join("initdb").is_file();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    std::env::split_paths(&path)
        .chain(debian.flatten().map(|version| version.path().join("bin")))
        .find(has_server)
}
