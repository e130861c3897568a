//! A PgBouncer in front of a throwaway PostgreSQL, if it is installed.

use std::{
    fs::Permissions,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::postgres::{Database, USER, as_postgres};

/// The version that is installed; `None` if PgBouncer is missing.
pub fn version() -> Option<(u32, u32)> {
    let version = Command::new(program()?).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let (_, version) = version.lines().next()?.split_once(' ')?;
    let mut numbers = version.split('.').map(|number| number.parse().unwrap());
    Some((numbers.next()?, numbers.next()?))
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian puts it there, and not everybody has this folder in `PATH`.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    let mut programs = folders.map(|folder| folder.join("pgbouncer"));
    programs.find(|program| program.is_file())
}

/// It ends when it is dropped.
pub struct PgBouncer {
    process: Child,
    url: String,
    _folder: TempDir,
}

impl PgBouncer {
    /// Starts one with these settings. It takes connections when this returns.
    pub async fn start(database: &Database, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let server = database.port();
        let configuration = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user={USER}\n
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\n{settings}\n"
        );
        let everyone = |mode| Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path(), everyone(0o755)).unwrap();
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, configuration.replace("\n ", "\n")).unwrap();
        std::fs::set_permissions(&file, everyone(0o644)).unwrap();
        let mut process = as_postgres(Path::new(&program().unwrap()))
            .arg("--quiet")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                process.try_wait().unwrap().is_none(),
                "PgBouncer does not start"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let direct = format!("localhost:{server}/");
        let url = database
            .url()
            .replace(&direct, &format!("127.0.0.1:{port}/"));
        Self {
            process,
            url,
            _folder: folder,
        }
    }

    /// The address of the database through it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
