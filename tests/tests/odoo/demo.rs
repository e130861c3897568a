//! The example `odoo_demo` beside what Odoo answered. `odoo/answers.jsonl` has recorded requests and
//! answers, in the order in which Odoo had them; where the example answers otherwise, how (`here`),
//! and the row of the page "Coming from Odoo" that says why (`differs`). `sql` is what happened in
//! between, as Odoo's ORM writes it. What has no `odoo` is the same in all versions.
//!
//! Three things of requests were not recorded, and are written anew: the `Content-Type` of forms, the
//! body of the upload, and the key in ISO 8859-1.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tests::{
    Answer,
    example::{Curl, Example},
    postgres::Database,
    send, until,
};

use crate::{GOOD, ODOO_16, ODOO_16_SERVER_ENV, python};

const PAGE: &str = include_str!("../../../auth-api-key/src/coming_from_odoo.md");

fn lines() -> impl Iterator<Item = Value> {
    let lines = include_str!("../../odoo/answers.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap())
}

/// `odoo_demo` over the database of an Odoo.
struct Demo {
    example: Example,
    service: Curl,
    database: Database,
    /// Gives the key 1000 the text `TEXT`.
    mark: &'static str,
    changes: usize,
}

impl Demo {
    /// `None` if there is no PostgreSQL.
    async fn start(tables: &str, mark: &'static str, variables: &[(&str, &str)]) -> Option<Self> {
        let database = Database::new().await?;
        database.execute(tables).await;
        let marked =
            "INSERT INTO auth_api_key (id, user_id, name, key) VALUES (1000, 6, 'mark', '')";
        database.execute(marked).await;
        let url = database.url();
        let variables = [&[("DATABASE_URL", url.as_str())], variables].concat();
        let folder = tempfile::tempdir().unwrap();
        let mut example = Example::start_with("odoo_demo", &folder, &variables);
        let service = example.command();
        Some(Self {
            example,
            service,
            database,
            mark,
            changes: 0,
        })
    }

    /// Changes the database, and waits until the example knows: until it takes the text that a key
    /// was given in the same transaction.
    async fn change(&mut self, sql: &str) {
        self.changes += 1;
        let text = format!("mark-{}", self.changes);
        let mark = self.mark.replace("TEXT", &text);
        let sql = format!("BEGIN; {sql}; {mark}; COMMIT");
        self.database.execute(&sql).await;
        let header = format!("API-KEY: {text}");
        let status = async || self.service.run_with(Some(&header)).await.status;
        until(status, 200, &sql).await;
    }

    async fn send(&self, request: &Value) -> Answer {
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let headers = request["headers"].as_array().into_iter().flatten();
        let headers: Vec<Vec<u8>> = headers
            .map(|header| match header.as_str().unwrap() {
                header if request["latin1"] == true => header.chars().map(|c| c as u8).collect(),
                header => header.as_bytes().to_vec(),
            })
            .collect();
        let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
        let (method, path, body) = (text("method"), text("path"), text("body"));
        send(
            &self.service.address,
            method,
            path,
            &headers,
            body.as_bytes(),
        )
        .await
    }

    /// Replays what was recorded of this version, and stops.
    async fn replay(mut self, odoo: &str) {
        let of_all = !odoo.contains("server_env");
        let mut wrong = Vec::new();
        for line in lines() {
            if line["odoo"] != odoo && !(of_all && line["odoo"].is_null()) {
                continue;
            }
            if let Some(sql) = line["sql"].as_str() {
                self.change(sql).await;
                continue;
            }
            let recorded = untraced(&line["answer"]);
            let expected = match line.get("here") {
                Some(here) => untraced(here),
                None => recorded.clone(),
            };
            assert_eq!(line.get("here").is_some(), expected != recorded, "{line}");
            let answer = compared(&self.send(&line["request"]).await, &expected);
            if answer != expected {
                wrong.push(format!("{line}\n  was {answer}"));
            }
        }
        self.example.stop("-TERM");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Without the traceback, which this crate shows to nobody.
fn untraced(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(debug) = answer.pointer_mut("/json/error/data/debug") {
        *debug = "".into();
    }
    answer
}

/// The status, `Allow` and the headers of CORS; and of the body as much as was recorded.
fn compared(answer: &Answer, recorded: &Value) -> Value {
    let mut compared = json!({"status": answer.status});
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "allow" || name.starts_with("access-control-"))
        .map(|(name, value)| (name.clone(), sorted(name, value).into()))
        .collect();
    if !headers.is_empty() {
        compared["headers"] = headers.into();
    }
    if recorded.get("json").is_some() {
        compared["json"] = serde_json::from_str(&answer.body).unwrap_or_default();
    }
    if recorded.get("body").is_some() {
        compared["body"] = answer.body.clone().into();
    }
    compared
}

/// The methods of `Allow` come in any order.
fn sorted(name: &str, value: &str) -> String {
    let mut methods: Vec<&str> = value.split(',').map(str::trim).collect();
    if name == "allow" {
        methods.sort_unstable();
    }
    methods.join(", ")
}

const MARK: &str = "UPDATE auth_api_key SET key = 'TEXT' WHERE id = 1000";

#[tokio::test]
async fn demo_answers_as_odoo_16_did() {
    if let Some(demo) = Demo::start(ODOO_16, MARK, &[]).await {
        demo.replay("16.0").await;
    }
}

#[tokio::test]
async fn demo_answers_as_odoo_18_did() {
    if let Some(demo) = Demo::start(ODOO_16, MARK, &[]).await {
        demo.replay("18.0").await;
    }
}

#[tokio::test]
async fn demo_takes_the_keys_of_the_environment_as_odoo_16_did() {
    let mark = r#"UPDATE auth_api_key SET tech_name = 'mark',
        server_env_defaults = '{"key_env_default": "TEXT"}' WHERE id = 1000"#;
    let config = "[api_key_server_env_key]\nkey = key-from-environment\n\
                  [api_key_env_empty]\nkey =\n\
                  [api_key_env_percent]\nkey = abc%%def\n\
                  [api_key_env_spaces]\nkey =   spaced value  \n\
                  [api_key_env_other]\nother = x\n";
    let config = [("SERVER_ENV_CONFIG", config)];
    if let Some(demo) = Demo::start(ODOO_16_SERVER_ENV, mark, &config).await {
        demo.replay("16.0 server_env").await;
    }
}

#[tokio::test]
async fn client_of_python_notices_nothing() {
    let Some(mut demo) = Demo::start(ODOO_16, MARK, &[]).await else {
        return;
    };
    let public =
        "INSERT INTO res_users (id, company_id, active, login) VALUES (4, 1, false, 'public')";
    demo.change(public).await;
    let url = format!("http://{}", demo.service.address);
    python("client.py", &[&url, GOOD]);
    demo.example.stop("-TERM");
}

#[test]
fn page_has_a_row_for_each_difference_that_is_replayed_and_no_other() {
    let (_, table) = PAGE.split_once("# What callers notice").unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| "));
    let told: BTreeSet<&str> = rows
        .filter_map(|row| Some(row.split_once(" |")?.0))
        .filter(|case| *case != "case" && !case.starts_with("---"))
        .collect();
    let lines: Vec<Value> = lines().collect();
    let found: BTreeSet<&str> = lines
        .iter()
        .filter_map(|line| line["differs"].as_str())
        .collect();
    assert_eq!(told, found);
}
