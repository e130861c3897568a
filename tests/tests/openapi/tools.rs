//! Documents and running servers before tools that nobody here wrote: openapi-spec-validator and schemathesis
//! (PyPI), openapi-typescript (npm).

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;
use tests::{
    example::{Curl, Example},
    postgres::{self, OwnServer},
    send, skip, until,
};

/// What schemathesis does not check: servers may fail here, as documents say; utoipa's schemas of numbers say
/// less than serde does; and no object here has an owner that a document names.
const UNCHECKED: &str = "not_a_server_error,positive_data_acceptance,use_after_free,\
                         ensure_resource_availability,object_level_authorization";
/// What it does not check of Odoo's answers besides: errors of calls have the status 200, and routes for all
/// methods take those, too, that a document has no name for.
const UNCHECKED_OF_ODOO: &str =
    "ignored_auth,missing_required_header,negative_data_rejection,unsupported_method";

/// A tool; `None` if it is not installed.
fn tool(name: &str) -> Option<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    if !found {
        skip(&format!(
            "there is no `{name}`: `.ci/run` says how it is installed"
        ));
    }
    found.then(|| Command::new(name))
}

fn text(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    texts.join("\n")
}

/// A running example, its document, and a key.
struct Running {
    example: Example,
    address: String,
    header: String,
    document: Value,
    folder: TempDir,
    is_odoo: bool,
}

impl Running {
    /// `command` is the number of the command that has a key, of those that the example prints.
    async fn start(name: &str, url: Option<&str>, command: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables: Vec<_> = url.map(|url| ("DATABASE_URL", url)).into_iter().collect();
        let mut example = Example::start_with(name, &folder, &variables);
        let commands: Vec<Curl> = (0..=command).map(|_| example.command()).collect();
        let Curl {
            header, address, ..
        } = commands.into_iter().next_back().unwrap();
        Self::of(example, address, header.unwrap(), folder).await
    }

    async fn of(example: Example, address: String, header: String, folder: TempDir) -> Self {
        let answer = send(&address, "GET", "/openapi.json", &[header.as_bytes()], b"").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let running = Self {
            example,
            address,
            header,
            document: serde_json::from_str(&answer.body).unwrap(),
            folder,
            is_odoo: false,
        };
        running.write(&running.document);
        running
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("openapi.json")
    }

    fn write(&self, document: &Value) {
        fs::write(self.file(), document.to_string()).unwrap();
    }

    /// Asserts that a document is one, and says all that its server answers.
    async fn assert_true(&self, more: &[&str]) {
        let Some(mut validator) = tool("openapi-spec-validator") else {
            return;
        };
        let output = validator.arg(self.file()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        if let Some(output) = self.tried(more).await {
            assert!(output.status.success(), "{}", text(&output));
        }
        // No operation has an answer of which nothing is known.
        let paths = self.document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|path| path.as_object().unwrap().values());
        for operation in operations {
            assert!(operation["responses"]["default"].is_null(), "{operation}");
        }
    }

    /// What schemathesis says.
    async fn tried(&self, more: &[&str]) -> Option<Output> {
        let mut schemathesis = tool("schemathesis")?;
        let unchecked = match self.is_odoo {
            true => format!("{UNCHECKED},{UNCHECKED_OF_ODOO}"),
            false => UNCHECKED.to_owned(),
        };
        schemathesis
            .arg("run")
            .arg(self.file())
            .args(["--url", &format!("http://{}", self.address)])
            .args(["--header", &self.header, "--no-color"])
            .args(["--checks", "all", "--exclude-checks", &unchecked])
            .args(["--generation-deterministic", "--max-examples", "10"])
            .args(more)
            .current_dir(self.folder.path());
        let run = tokio::task::spawn_blocking(move || schemathesis.output());
        Some(run.await.unwrap().unwrap())
    }

    async fn status(&self, path: &str) -> u16 {
        send(&self.address, "GET", path, &[self.header.as_bytes()], b"")
            .await
            .status
    }
}

#[tokio::test]
async fn openapi_answers_what_its_document_says_and_nothing_else() {
    let example = Running::start("openapi", None, 1).await;
    example.assert_true(&[]).await;
    example.example.stop("-TERM");
}

#[tokio::test]
async fn shop_answers_what_its_document_says_and_nothing_else() {
    let example = Running::start("shop", None, 1).await;
    example.assert_true(&[]).await;
    example.example.stop("-TERM");
}

async fn demo(server: &OwnServer) -> Running {
    let tables = include_str!("../../odoo/16.sql");
    postgres::execute(&server.url(), tables).await;
    let folder = tempfile::tempdir().unwrap();
    let url = server.url();
    let variables = [("DATABASE_URL", url.as_str())];
    let mut example = Example::start_with("odoo_demo", &folder, &variables);
    let address = example.command().address;
    let header = "API-KEY: good-key-0123456789abcdef".to_owned();
    Running::of(example, address, header, folder).await
}

/// Each request waits for two seconds for a database that has stopped.
const FEW: [&str; 6] = [
    "--max-examples",
    "1",
    "--phases",
    "fuzzing",
    "--workers",
    "8",
];

#[tokio::test]
async fn odoo_demo_answers_what_its_document_says_and_nothing_else() {
    let Some(server) = OwnServer::start().await else {
        return;
    };
    let example = Running {
        is_odoo: true,
        ..demo(&server).await
    };
    example.assert_true(&[]).await;

    server.kill();
    let status = async || example.status("/groups").await;
    until(status, 503, "the database has stopped").await;
    // Asks the database itself, which takes its time.
    let others = ["--exclude-path", "/public"];
    example.assert_true(&[&others[..], &FEW].concat()).await;
    example.example.stop("-TERM");
}

#[tokio::test]
async fn stopped_store_is_in_the_document() {
    for (name, path) in [("openapi", "/whoami"), ("shop", "/orders")] {
        let Some(server) = OwnServer::start().await else {
            return;
        };
        let example = Running::start(name, Some(&server.url()), 1).await;
        server.kill();
        let status = async || example.status(path).await;
        until(status, 503, "the database has stopped").await;
        example.assert_true(&FEW).await;
        example.example.stop("-TERM");
    }
}

#[tokio::test]
async fn document_that_lacks_a_status_is_found_out() {
    let example = Running::start("openapi", None, 1).await;
    for (path, method, status) in [("/orders", "post", "422"), ("/whoami", "get", "401")] {
        let mut document = example.document.clone();
        let responses = &mut document["paths"][path][method]["responses"];
        responses.as_object_mut().unwrap().remove(status).unwrap();
        example.write(&document);
        if let Some(output) = example.tried(&[]).await {
            let said = text(&output);
            assert!(!output.status.success(), "{said}");
            assert!(said.contains("Undocumented status code"), "{said}");
            assert!(said.contains(status), "{said}");
        }
    }
    example.example.stop("-TERM");
}

const CLIENT: &str = r#"
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };
const [, , baseUrl, key] = process.argv;
const client = createClient<paths>({ baseUrl: baseUrl! });

const refused = await client.GET("/whoami", { parseAs: "text" });
console.log(refused.response.status, refused.error?.code);
const answered = await client.GET("/whoami", { parseAs: "text", headers: { "API-KEY": key! } });
console.log(answered.response.status, answered.data);
const headers = { "API-KEY": key! };
const ordered = await client.POST("/orders", { body: { article: "lamp", pieces: 2 }, headers });
console.log(ordered.response.status, ordered.data?.pieces);
// @ts-expect-error
await client.GET("/nothing");
// @ts-expect-error
await client.POST("/orders", { body: { article: 7 } });
"#;

#[tokio::test]
async fn generated_client_calls_a_guarded_route() {
    let (Some(mut generator), Some(mut compiler), Some(mut node)) =
        (tool("openapi-typescript"), tool("tsc"), tool("node"))
    else {
        return;
    };
    let example = Running::start("openapi", None, 1).await;
    let folder = example.folder.path();
    // `openapi-fetch` is where the generator is.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = std::env::split_paths(&path)
        .map(|folder| folder.join("openapi-typescript"))
        .find(|program| program.is_file())
        .unwrap();
    let modules = program.parent().and_then(Path::parent).unwrap();
    std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();
    fs::write(folder.join("client.ts"), CLIENT).unwrap();
    fs::write(folder.join("package.json"), r#"{"type": "module"}"#).unwrap();
    let run = |command: &mut Command| {
        let output = command.current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        text(&output)
    };
    run(generator.args(["openapi.json", "--output", "schema.d.ts"]));
    run(compiler
        .args(["--strict", "--module", "nodenext", "--target", "es2022"])
        .args([
            "--lib",
            "es2022,dom,dom.iterable",
            "--skipLibCheck",
            "client.ts",
        ]));
    let (_, key) = example.header.split_once(": ").unwrap();
    let address = format!("http://{}", example.address);
    let printed = run(node.args(["client.js", &address, key]));
    let lines: Vec<_> = printed.lines().take(3).collect();
    let expected = [
        "401 missing_api_key",
        "200 openapi-demo, for customer-7",
        "201 2",
    ];
    assert_eq!(lines, expected);
    example.example.stop("-TERM");
}
