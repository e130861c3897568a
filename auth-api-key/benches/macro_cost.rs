//! What the attribute costs rustc, in CPU time (user and system, the fastest of several runs):
//! `cargo bench -p auth-api-key --bench macro_cost`, which needs bash, and crates.io for the others.
//!
//! Crates with the same 200 handlers: by plain `Router::route` calls, by `#[route]` and `routes!` (without and
//! with the feature `openapi`), and by utoipa-axum, axum-typed-routing and Rocket as their users write them, in the dev profile. Each round
//! touches all of them and runs `cargo check`: first without incremental compilation, which checks all
//! of a crate anew, and then with it, as after a change. One that does not build is left out.

use std::{
    env,
    fmt::Write,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

const HANDLERS: usize = 200;
const ROUNDS: [(&str, &str, usize); 2] = [("checked anew", "0", 7), ("touched", "1", 15)];

/// Stands before rustc and notes the time it took.
const TIMED: &str = r#"#!/usr/bin/env bash
TIMEFORMAT='%U %S'
{ time "$@" 2>&3; } 3>&2 2>>"$CPU_TIMES"
"#;

const AXUM: &str = r#"axum = { version = "0.8", default-features = false }"#;

struct Contender {
    name: &'static str,
    /// Of this crate.
    features: &'static str,
    /// Those behind [`AXUM`] and this crate.
    dependencies: &'static [&'static str],
    head: &'static str,
    /// `@N` stands for the number of the handler.
    mount: [&'static str; 3],
    handler: &'static str,
}

const PLAIN: Contender = Contender {
    name: "plain axum",
    features: "",
    dependencies: &[],
    head: "use auth_api_key::{ApiKey, Authenticator};
        use axum::{Router, extract::{Path, State}, routing::get};",
    mount: [
        "pub fn router() -> Router<Authenticator> { Router::new()",
        ".route(\"/a@N/{id}\", get(handler_@N))",
        "}",
    ],
    handler:
        "async fn handler_@N(key: ApiKey, Path(id): Path<i64>, State(_auth): State<Authenticator>)
        -> String { format!(\"{} {id}\", key.name) }",
};

const ROUTE: Contender = Contender {
    name: "#[route]",
    features: "",
    dependencies: &[],
    head: "use auth_api_key::{ApiKey, Authenticator, route, routes};
        use axum::{Router, extract::State};",
    mount: [
        "pub fn router() -> Router<Authenticator> { Router::new().merge(routes![",
        "handler_@N,",
        "]) }",
    ],
    handler: "#[route(\"/a@N/{id}\", auth = \"api_key\", methods = [\"GET\"])]
        async fn handler_@N(key: ApiKey, id: i64, State(_auth): State<Authenticator>)
        -> String { format!(\"{} {id}\", key.name) }",
};

const OPENAPI: Contender = Contender {
    name: "with openapi",
    features: "\"openapi\"",
    ..ROUTE
};

const UTOIPA: Contender = Contender {
    name: "utoipa-axum",
    features: "",
    dependencies: &[
        r#"utoipa = { version = "6", features = ["axum_extras"] }"#,
        r#"utoipa-axum = "0.3""#,
    ],
    head: "use auth_api_key::{ApiKey, Authenticator};
        use axum::extract::{Path, State};
        use utoipa_axum::{router::OpenApiRouter, routes};",
    mount: [
        "pub fn router() -> OpenApiRouter<Authenticator> { OpenApiRouter::new()",
        ".routes(routes!(handler_@N))",
        "}",
    ],
    handler: "#[utoipa::path(get, path = \"/a@N/{id}\", params((\"id\" = i64, Path)),
            responses((status = 200, body = String)))]
        async fn handler_@N(key: ApiKey, Path(id): Path<i64>, State(_auth): State<Authenticator>)
        -> String { format!(\"{} {id}\", key.name) }",
};

const TYPED: Contender = Contender {
    name: "axum-typed-routing",
    features: "",
    dependencies: &[
        r#"axum-typed-routing = "0.4""#,
        r#"serde = { version = "1", features = ["derive"] }"#,
    ],
    head: "use auth_api_key::{ApiKey, Authenticator};
        use axum::{Router, extract::State};
        use axum_typed_routing::{TypedRouter, route};",
    mount: [
        "pub fn router() -> Router<Authenticator> { Router::new()",
        ".typed_route(handler_@N)",
        "}",
    ],
    handler: "#[route(GET \"/a@N/{id}\")]
        async fn handler_@N(id: i64, key: ApiKey, State(_auth): State<Authenticator>)
        -> String { format!(\"{} {id}\", key.name) }",
};

const ROCKET: Contender = Contender {
    name: "Rocket",
    features: "",
    dependencies: &[r#"rocket = { version = "0.5", default-features = false }"#],
    head: "use rocket::{Build, Request, Rocket, State, get, routes};
        use rocket::{http::Status, request::{FromRequest, Outcome}};
        pub struct Keys;
        pub struct Key { name: String }
        #[rocket::async_trait]
        impl<'r> FromRequest<'r> for Key {
            type Error = ();
            async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
                match request.headers().get_one(\"api-key\") {
                    Some(name) => Outcome::Success(Self { name: name.to_owned() }),
                    None => Outcome::Error((Status::Unauthorized, ())),
                }
            }
        }",
    mount: [
        "pub fn router() -> Rocket<Build> { rocket::build().manage(Keys).mount(\"/\", routes![",
        "handler_@N,",
        "]) }",
    ],
    handler: "#[get(\"/a@N/<id>\")]
        async fn handler_@N(key: Key, id: i64, _keys: &State<Keys>)
        -> String { format!(\"{} {id}\", key.name) }",
};

fn main() {
    let folder = env::temp_dir().join(format!("auth-api-key-macro-cost-{}", std::process::id()));
    let contenders = [PLAIN, ROUTE, OPENAPI, UTOIPA, TYPED, ROCKET];
    let packages = contenders.each_ref().map(|one| one.write(&folder));
    let timed = folder.join("timed");
    fs::write(&timed, TIMED).expect("a temporary file");
    fs::set_permissions(timed, PermissionsExt::from_mode(0o700)).expect("a file of ours");
    println!("CPU time of rustc for {HANDLERS} handlers, and times that of plain axum");
    for (what, incremental, rounds) in ROUNDS {
        let mut fastest = [Some(f64::INFINITY); 6];
        for round in 0..=rounds {
            for (package, fastest) in packages.iter().zip(&mut fastest) {
                let Some(known) = *fastest else { continue };
                *fastest = match check(package, &folder, incremental) {
                    // The first one compiles the dependencies.
                    Some(_) if round == 0 => Some(known),
                    time => time.map(|time| time.min(known)),
                };
            }
        }
        println!("{what}, {rounds} rounds");
        let plain = fastest[0].expect("plain axum builds");
        for (one, time) in contenders.iter().zip(fastest) {
            match time {
                Some(time) => println!("  {:18} {time:6.3} s   {:5.2}", one.name, time / plain),
                None => println!("  {:18} does not build", one.name),
            }
        }
    }
    fs::remove_dir_all(&folder).expect("the folder was made here");
}

impl Contender {
    /// Writes the package.
    fn write(&self, folder: &Path) -> PathBuf {
        let name: String = (self.name.to_lowercase().chars())
            .filter(char::is_ascii_lowercase)
            .collect();
        let package = folder.join(format!("bench_{name}"));
        let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let (features, others) = (self.features, self.dependencies.join("\n"));
        let manifest = format!(
            "[package]\nname = \"bench_{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\n{AXUM}\n\
             auth-api-key = {{ path = {workspace:?}, default-features = false, features = [{features}] }}\n{others}\n"
        );
        let [begin, mount, end] = self.mount;
        let mut source = format!("{}\n{begin}", self.head);
        let each = |source: &mut String, text: &str| {
            for number in 0..HANDLERS {
                writeln!(source, "{}", text.replace("@N", &number.to_string())).unwrap();
            }
        };
        each(&mut source, mount);
        source.push_str(end);
        each(&mut source, self.handler);
        fs::create_dir_all(package.join("src")).expect("a temporary folder");
        fs::write(package.join("Cargo.toml"), manifest).expect("a temporary file");
        fs::write(package.join("src/lib.rs"), source).expect("a temporary file");
        let lock = workspace.join("../Cargo.lock");
        fs::copy(lock, package.join("Cargo.lock")).expect("a temporary file");
        package
    }
}

/// The seconds that rustc computed, in one or several threads; nothing, if the package does not build.
fn check(package: &Path, folder: &Path, incremental: &str) -> Option<f64> {
    let source = package.join("src/lib.rs");
    fs::write(&source, fs::read(&source).expect("written above")).expect("a temporary file");
    let times = folder.join("cpu_times");
    fs::write(&times, "").expect("a temporary file");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_INCREMENTAL", incremental)
        .env("RUSTC_WRAPPER", folder.join("timed"))
        .env("CPU_TIMES", &times)
        .output()
        .expect("cargo runs");
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let times = fs::read_to_string(times).expect("written above");
    let seconds = times.split_whitespace().map(|time| time.parse::<f64>());
    Some(seconds.sum::<Result<_, _>>().expect("bash wrote numbers"))
}
