//! A PostgreSQL server from the installed programs. It is deleted when the value is dropped.

use std::{
    env,
    fs::{self, Permissions},
    io,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// The superuser, who needs no password.
pub const USER: &str = "postgres";

pub struct Postgres {
    folder: TempDir,
    bin: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts a server with these settings, and with settings that make it fast but lose data in a crash.
    /// It serves when this returns.
    pub fn start(settings: &[(&str, &str)]) -> io::Result<Self> {
        let bin = programs()?;
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777))?;
        let mut server = Self {
            port: 0,
            folder,
            bin,
        };
        let mut make = as_postgres(&server.bin.join("initdb"));
        make.args(["--no-sync", "--auth=trust", "--username", USER, "--pgdata"]);
        let made = make.arg(server.data_dir()).output()?;
        if !made.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&made.stderr)));
        }
        let forgetful = [
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "autovacuum",
        ];
        let forgetful = forgetful.map(|setting| (setting, "off"));
        let settings = forgetful.iter().chain(settings);
        let settings: Vec<String> = settings
            .map(|(name, value)| format!("-c {name}={value}"))
            .collect();
        // Another program may take the free port before the server does.
        for _ in 0..5 {
            server.port = TcpListener::bind("localhost:0")?.local_addr()?.port();
            let (bin, folder) = (&server.bin, server.data_dir());
            let mut start = start(bin, &folder, server.port, &settings.join(" "));
            if start.status()?.success() {
                return Ok(server);
            }
        }
        let log = fs::read(server.data_dir().join("log"))?;
        Err(io::Error::other(String::from_utf8_lossy(&log)))
    }

    pub fn url(&self) -> String {
        format!("postgres://{USER}@localhost:{}/postgres", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of the server's programs.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = pg_ctl(&self.bin, &self.data_dir());
        let _ = stop.args(["stop", "-m", "immediate"]).output();
    }
}

/// The command that starts a server on an existing data folder, and waits until it serves.
pub fn start(bin: &Path, data_dir: &Path, port: u16, settings: &str) -> Command {
    let folder = data_dir.display();
    let settings = format!("-p {port} -c unix_socket_directories={folder} {settings}");
    let mut start = pg_ctl(bin, data_dir);
    start.args(["start", "-w", "-o", &settings, "-l"]);
    start.arg(data_dir.join("log"));
    // The server keeps inherited outputs open, so that whoever reads them would never see their end.
    start.stdout(Stdio::null()).stderr(Stdio::null());
    start
}

pub fn pg_ctl(bin: &Path, data_dir: &Path) -> Command {
    let mut command = as_postgres(&bin.join("pg_ctl"));
    command.arg("-s").arg("-D").arg(data_dir);
    command
}

/// A program that must not run as root: if this process does, it runs as the user `postgres`.
pub fn as_postgres(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output();
    let mut command = match id.is_ok_and(|id| id.stdout == b"0\n") {
        true => {
            let mut other = Command::new("setpriv");
            other.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            other.arg(program);
            other
        }
        false => Command::new(program),
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// The folder of the server's programs. On Debian it is not in `PATH`.
pub fn programs() -> io::Result<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = debian.flatten().map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let has_server = |folder: &PathBuf| folder.join("initdb").is_file();
    let bin = env::split_paths(&path).chain(debian).find(has_server);
    bin.ok_or_else(|| {
        let remedy =
            "no PostgreSQL server is installed: install one, or name one by DATABASE_URL=…";
        io::Error::new(io::ErrorKind::NotFound, remedy)
    })
}
