//! What the attribute costs rustc, in CPU time (user and system, the fastest of several runs):
//! `cargo bench -p auth-api-key --bench macro_cost`, which needs bash.
//!
//! Three crates with the same 200 handlers, two with `#[route]` and `routes!`, of which one has the feature
//! `openapi`, and one with plain `Router::route` calls, in the dev profile. Each round touches all and runs
//! `cargo check`.

use std::{
    env,
    fmt::Write,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

const HANDLERS: usize = 200;
const ROUNDS: usize = 15;

/// Stands before rustc and notes the time it took.
const TIMED: &str = r#"#!/usr/bin/env bash
TIMEFORMAT='%U %S'
{ time "$@" 2>&3; } 3>&2 2>>"$CPU_TIMES"
"#;

fn main() {
    let folder = env::temp_dir().join(format!("auth-api-key-macro-cost-{}", std::process::id()));
    let crates = [
        ("plain axum", plain(), ""),
        ("#[route]", decorated(), ""),
        ("with openapi", decorated(), "openapi"),
    ];
    let crates = crates.map(|(name, source, feature)| {
        let package = folder.join(name.trim_matches(['#', '[', ']']).replace(' ', "_"));
        write_package(&package, &source, feature);
        (name, package)
    });
    let timed = folder.join("timed");
    fs::write(&timed, TIMED).expect("a temporary file");
    fs::set_permissions(timed, PermissionsExt::from_mode(0o700)).expect("a file of ours");
    let mut fastest = [f64::INFINITY; 3];
    for round in 0..=ROUNDS {
        for ((_, package), fastest) in crates.iter().zip(&mut fastest) {
            let time = check(package, &folder);
            if round > 0 {
                *fastest = fastest.min(time); // the first one compiles the dependencies
            }
        }
    }
    fs::remove_dir_all(&folder).expect("the folder was made here");
    println!("CPU time of rustc for {HANDLERS} handlers after touching the file ({ROUNDS} rounds)");
    for ((name, _), time) in crates.iter().zip(fastest) {
        println!("  {name:12} {time:6.3} s   {:5.2}", time / fastest[0]);
    }
}

fn plain() -> String {
    let mut source = "
        use auth_api_key::{ApiKey, Authenticator};
        use axum::{Router, extract::{Path, State}, routing::get};
        pub fn router() -> Router<Authenticator> { let router = Router::new();"
        .to_owned();
    for n in 0..HANDLERS {
        write!(
            source,
            "let router = router.route(\"/a{n}/{{id}}\", get(handler_{n}));"
        )
        .unwrap();
    }
    source.push_str("router }");
    for n in 0..HANDLERS {
        write!(
            source,
            "async fn handler_{n}(key: ApiKey, Path(id): Path<i64>, State(_): State<Authenticator>)
             -> String {{ format!(\"{{}} {{id}}\", key.name) }}"
        )
        .unwrap();
    }
    source
}

fn decorated() -> String {
    let mut source = "
        use auth_api_key::{ApiKey, Authenticator, route, routes};
        use axum::{Router, extract::State};
        pub fn router() -> Router<Authenticator> { Router::new().merge(routes!["
        .to_owned();
    for n in 0..HANDLERS {
        write!(source, "handler_{n}, ").unwrap();
    }
    source.push_str("]) }");
    for n in 0..HANDLERS {
        write!(
            source,
            "#[route(\"/a{n}/{{id}}\", auth = \"api_key\", methods = [\"GET\"])]
             async fn handler_{n}(key: ApiKey, id: i64, State(_): State<Authenticator>)
             -> String {{ format!(\"{{}} {{id}}\", key.name) }}"
        )
        .unwrap();
    }
    source
}

fn write_package(package: &Path, source: &str, feature: &str) {
    let name = package.file_name().expect("it has one").to_string_lossy();
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let features = match feature {
        "" => String::new(),
        feature => format!("{feature:?}"),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\naxum = {{ version = \"0.8\", default-features = false }}\n\
         auth-api-key = {{ path = {workspace:?}, default-features = false, features = [{features}] }}\n"
    );
    fs::create_dir_all(package.join("src")).expect("a temporary folder");
    fs::write(package.join("Cargo.toml"), manifest).expect("a temporary file");
    fs::write(package.join("src/lib.rs"), source).expect("a temporary file");
    let lock = workspace.join("../Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).expect("a temporary file");
}

/// The seconds that rustc computed, in one or several threads.
fn check(package: &Path, folder: &Path) -> f64 {
    let source = package.join("src/lib.rs");
    fs::write(&source, fs::read(&source).expect("written above")).expect("a temporary file");
    let times = folder.join("cpu_times");
    fs::write(&times, "").expect("a temporary file");
    let status = Command::new(env!("CARGO"))
        .args(["check", "--quiet"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTC_WRAPPER", folder.join("timed"))
        .env("CPU_TIMES", &times)
        .status()
        .expect("cargo runs");
    assert!(status.success());
    let times = fs::read_to_string(times).expect("written above");
    let seconds = times.split_whitespace().map(|time| time.parse::<f64>());
    seconds.sum::<Result<_, _>>().expect("bash wrote numbers")
}
