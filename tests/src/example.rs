//! Runs examples as the README says, and the commands that they print.

use std::{
    env, fs,
    io::{BufRead, BufReader, Lines},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::LazyLock,
};

use tempfile::{NamedTempFile, TempDir};

use crate::{Answer, send};

/// A running example.
pub struct Example {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    log: NamedTempFile,
}

/// `cargo run --quiet` with these arguments, as a person types it.
pub fn cargo_run(arguments: &[&str]) -> Command {
    let mut command = cargo("run");
    command.args(arguments);
    command
}

/// The program `auth-api-key` with all its features, as `cargo test` has built it. `cargo run` would build its
/// dependencies once more, for its features alone.
pub fn command_line() -> Command {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
        let built = cargo("test").args(["--no-run", "--test", "cli"]).status();
        assert!(built.unwrap().success());
        let test = env::current_exe().unwrap();
        test.ancestors().nth(2).unwrap().join("auth-api-key")
    });
    Command::new(&*BUILT)
}

fn cargo(subcommand: &str) -> Command {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args([subcommand, "--quiet"]).current_dir(workspace);
    // Cargo sets these variables for a test. Dependencies that read them would be built again.
    for (variable, _) in env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&variable);
        }
    }
    command
}

impl Example {
    pub fn start(name: &str, folder: &TempDir) -> Self {
        Self::start_with(name, folder, &[])
    }

    pub fn start_with(name: &str, folder: &TempDir, variables: &[(&str, &str)]) -> Self {
        let log = NamedTempFile::new().unwrap();
        let mut process = cargo_run(&["--example", name])
            .env("PORT", "0")
            .env(
                "DATABASE_URL",
                format!("sqlite:{}", folder.path().join("example.db").display()),
            )
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            process,
            lines,
            log,
        }
    }

    /// The next command that it prints.
    pub fn command(&mut self) -> Curl {
        let mut lines = self.lines.by_ref().map(Result::unwrap);
        Curl::parse(&lines.find(|line| line.contains("curl ")).unwrap())
    }

    /// `cargo run` becomes the example, so the signal is sent to the example itself.
    pub fn stop(mut self, signal: &str) {
        let kill = Command::new("kill")
            .args([signal, &self.process.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert!(
            self.process.wait().unwrap().success(),
            "{signal} did not end it cleanly"
        );
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.process.kill();
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            println!("the example's log:\n{log}");
        }
    }
}

/// Does what `curl -H 'NAME: VALUE' http://ADDRESS/PATH` does, since not every machine has curl.
pub struct Curl {
    pub header: Option<String>,
    pub address: String,
    pub path: String,
}

impl Curl {
    fn parse(line: &str) -> Self {
        let quoted = line
            .split_once("-H '")
            .and_then(|(_, rest)| rest.split_once('\''));
        let (_, url) = line.split_once("http://").unwrap();
        let (address, path) = url.trim_end_matches('\'').split_once('/').unwrap();
        Self {
            header: quoted.map(|(header, _)| header.to_owned()),
            address: address.to_owned(),
            path: format!("/{path}"),
        }
    }

    pub async fn run(&self) -> Answer {
        self.run_with(self.header.as_deref()).await
    }

    pub async fn run_with(&self, header: Option<&str>) -> Answer {
        let headers: Vec<&[u8]> = header.iter().map(|header| header.as_bytes()).collect();
        send(&self.address, "GET", &self.path, &headers, b"").await
    }
}
