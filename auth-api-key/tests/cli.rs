//! The program `auth-api-key`, as people and scripts run it, over a SQLite file.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write, pipe},
    path::Path,
    process::{Command, Stdio},
};

use auth_api_key::key::has_valid_checksum;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// A folder with a database, gone with the value.
struct Cli(TempDir);

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Cli {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auth-api-key"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .env("DATABASE_URL", "sqlite:keys.db");
        command
    }

    /// Runs a command that finds `input` on its standard input, which is not a terminal.
    fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        finish(&mut self.command(arguments), input)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// What a command prints that must succeed.
    fn out(&self, arguments: &[&str]) -> String {
        self.run(arguments).succeeded()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.out(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// Creates a key, and gives its text.
    fn create(&self, arguments: &[&str]) -> String {
        let out = self.out(&[&["create", "--user", "user-7"], arguments].concat());
        out.strip_suffix('\n').unwrap().to_owned()
    }

    fn verify(&self, text: &str, arguments: &[&str]) -> (i32, Value) {
        let ran = self.run_with(&[&["verify", "--json"], arguments].concat(), text);
        let verdict = serde_json::from_str(&ran.out);
        (ran.code, verdict.unwrap_or_else(|_| panic!("{}", ran.err)))
    }

    fn names(&self, arguments: &[&str]) -> Vec<String> {
        let keys = self.json(&[&["list"], arguments].concat());
        let names = keys.as_array().unwrap().iter();
        names
            .map(|key| key["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Runs statements by hand.
    async fn execute(&self, sql: &str) {
        let url = format!("sqlite:{}", self.0.path().join("keys.db").display());
        let mut database = SqliteConnection::connect(&url).await.unwrap();
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }

    /// Whether a text is anywhere in the folder.
    fn stores(&self, text: &str) -> bool {
        fs::read_dir(&self.0).unwrap().any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            bytes.windows(text.len()).any(|at| at == text.as_bytes())
        })
    }
}

impl Ran {
    #[track_caller]
    fn succeeded(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// That it failed with this code, said all this on standard error, and nothing elsewhere.
    #[track_caller]
    fn failed(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, code, "{}", self.err);
        assert_eq!(self.out, "");
        for piece in said {
            assert!(self.err.contains(piece), "{piece:?} in {}", self.err);
        }
    }
}

fn finish(command: &mut Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have ended.
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writing.join().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn issued_text_is_alone_on_standard_output_and_nowhere_else() {
    let cli = Cli::new();
    let created = cli.run(&["create", "webshop", "--user", "user-7", "--prefix", "shop"]);
    let text = created.out.strip_suffix('\n').unwrap();
    assert!(text.starts_with("shop_") && has_valid_checksum(text));
    assert!(created.err.contains("webshop"), "{}", created.err);
    // The part that is random.
    let secret = &text[5..37];
    assert!(!created.err.contains(secret), "{}", created.err);
    for command in [&["show", "webshop"][..], &["list"], &["stats"]] {
        assert!(!cli.out(command).contains(secret), "{command:?}");
        assert!(!cli.json(command).to_string().contains(secret));
    }
    assert!(cli.stores("webshop") && !cli.stores(secret));
    assert_eq!(cli.verify(text, &[]).0, 0);
}

#[test]
fn json_of_an_issued_key_holds_its_text_once() {
    let cli = Cli::new();
    for command in [
        &["create", "webshop", "--user", "user-7", "--json"][..],
        &["rotate", "webshop", "--overlap", "1h", "--json"],
    ] {
        let ran = cli.run(command);
        let created: Value = serde_json::from_str(&ran.out).unwrap();
        let text = created["key"].as_str().unwrap();
        assert_eq!(ran.out.matches(text).count(), 1);
        assert_eq!(ran.err, "");
        assert_eq!(cli.verify(text, &[]).1["record"]["name"], "webshop");
    }
}

#[test]
fn given_text_is_read_from_standard_input_and_not_printed() {
    let cli = Cli::new();
    let create = ["create", "old", "--user", "user-7", "--text-from-stdin"];
    let created = cli.run_with(&create, "swordfish\n");
    assert!(!created.err.contains("swordfish"));
    assert!(!created.succeeded().contains("swordfish"));
    for sent in ["swordfish", "swordfish\n", "swordfish\r\n", " swordfish "] {
        assert_eq!(cli.verify(sent, &[]).0, 0, "{sent:?}");
    }
    assert!(!cli.stores("swordfish"));

    let again = ["create", "new", "--user", "user-7", "--text-from-stdin"];
    let taken = cli.run_with(&again, "swordfish");
    taken.failed(1, &["text of key \"old\" already"]);
    let unusable = cli.run_with(&again, "sword\nfish");
    unusable.failed(1, &["control character"]);
    for ran in [taken, unusable] {
        assert!(!ran.err.contains("sword"), "{}", ran.err);
    }
}

#[tokio::test]
async fn key_with_a_damaged_row_is_listed_and_can_be_repaired() {
    let cli = Cli::new();
    let text = cli.create(&["webshop", "--network=10.0.0.0/8"]);
    let url = format!("sqlite:{}", cli.0.path().join("keys.db").display());
    let by_hand =
        "DROP TRIGGER api_key_checked_updated; UPDATE api_key SET networks = '[\"everywhere\"]'";
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(by_hand).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let list = cli.out(&["list"]);
    assert!(list.contains("unreadable"), "{list}");
    let shown = cli.out(&["show", "webshop"]);
    let damage = "`networks` cannot be read: \"everywhere\" is neither a network nor an address";
    assert!(shown.contains(damage), "{shown}");
    let (code, verdict) = cli.verify(&text, &["--address=10.0.0.1"]);
    let refused = &verdict["refused"];
    assert_eq!((code, &refused["reason"]), (4, &json!("unreadable_key")));
    let remedy = refused["remedy"].as_str().unwrap();
    assert!(remedy.contains("auth-api-key show webshop"), "{remedy}");
    let renamed = cli.run(&["update", "webshop", "--rename=shop"]);
    renamed.failed(1, &["row of key \"webshop\" is damaged", "networks"]);
    cli.out(&["archive", "webshop"]);
    cli.out(&["unarchive", "webshop"]);
    cli.out(&["update", "webshop", "--network=10.0.0.0/8"]);
    assert_eq!(cli.verify(&text, &["--address=10.0.0.1"]).0, 0);
}

#[test]
fn invisible_characters_are_not_part_of_a_text() {
    let cli = Cli::new();
    let create = |name| ["create", name, "--user", "user-7", "--text-from-stdin"];
    let marked = cli.run_with(&create("marked"), "\u{feff}swordfish\r\n");
    marked.succeeded();
    for sent in ["swordfish", "\u{feff}swordfish\n"] {
        assert_eq!(cli.verify(sent, &[]).0, 0, "{sent:?}");
    }
    for (text, character) in [
        ("sword\u{200b}fish", "U+200B"),
        ("swordfish\u{a0}\n", "U+00A0"),
        ("swordfish\u{feff}", "U+FEFF"),
        ("sword\u{ad}fish", "U+00AD"),
    ] {
        let refused = cli.run_with(&create("unseen"), text);
        refused.failed(1, &["\"unseen\"", character]);
        let csv = format!("name,user,key\nunseen,u,{}\n", text.trim_end_matches('\n'));
        let imported = cli.run_with(&["import"], &csv);
        imported.failed(1, &["line 2: ", character]);
        for ran in [refused, imported] {
            assert!(
                !ran.err.contains("sword") && !ran.err.contains("fish"),
                "{}",
                ran.err
            );
        }
        let (code, verdict) = cli.verify(text, &[]);
        let explanation = verdict["refused"]["explanation"].as_str().unwrap();
        assert!(
            code == 4 && explanation.contains(character),
            "{explanation}"
        );
    }
    assert_eq!(cli.names(&[]), ["marked"]);
}

#[test]
fn record_in_json_has_all_that_was_said() {
    let cli = Cli::new();
    cli.create(&[
        "webshop",
        "--group=shop",
        "--group=erp",
        "--network=10.0.0.0/8",
        "--network=192.0.2.7",
        "--expires=2099-01-31T12:00:00+02:00",
        "--technical-name=shop",
        "--metadata={\"owner\": \"ops\"}",
    ]);
    let mut shown = cli.json(&["show", "webshop"]);
    assert_eq!(cli.json(&["list"]), json!([shown]));
    let fields = shown.as_object_mut().unwrap();
    let created = fields.remove("created_at").unwrap();
    assert!(created.as_str().unwrap().ends_with('Z'), "{created}");
    let hint = fields.remove("hint").unwrap();
    assert!(hint.as_str().unwrap().starts_with("key_…"), "{hint}");
    assert_eq!(
        shown,
        json!({
            "id": 1,
            "name": "webshop",
            "user": "user-7",
            "user_active": true,
            "active": true,
            "groups": ["erp", "shop"],
            "networks": ["10.0.0.0/8", "192.0.2.7/32"],
            "expires_at": "2099-01-31T10:00:00Z",
            "technical_name": "shop",
            "metadata": {"owner": "ops"},
            "damages": [],
            "last_used_at": null,
        })
    );
    let table = cli.out(&["show", "webshop"]);
    for piece in ["erp, shop", "2099-01-31T10:00:00Z", "owner=\"ops\""] {
        assert!(table.contains(piece), "{table}");
    }
}

#[test]
fn list_gives_the_keys_that_are_asked_for() {
    let cli = Cli::new();
    cli.create(&["a", "--group", "shop"]);
    cli.create(&["b", "--expires", "2020-01-01", "--yes"]);
    cli.create(&["c", "--group", "shop"]);
    cli.out(&["archive", "c"]);
    cli.out(&["create", "d", "--user", "user-8"]);
    cli.out(&["user", "archive", "user-8", "--yes"]);
    for (filter, names) in [
        (&[][..], &["a", "b", "c", "d"][..]),
        (&["--group", "shop"], &["a", "c"]),
        (&["--user", "user-8"], &["d"]),
        (&["--active"], &["a"]),
        (&["--archived"], &["c", "d"]),
        (&["--expired"], &["b"]),
        (&["--group", "shop", "--archived"], &["c"]),
    ] {
        assert_eq!(cli.names(filter), names, "{filter:?}");
    }
    cli.run(&["list", "--active", "--archived"])
        .failed(2, &["cannot be used with"]);
    let table = cli.out(&["list"]);
    let states: Vec<&str> = table
        .lines()
        .filter(|line| line.contains("user-8"))
        .collect();
    assert!(matches!(states[..], [line] if line.contains("user archived")));
}

#[test]
fn list_searches_names_and_hints() {
    let cli = Cli::new();
    cli.create(&["Web shop", "--group", "shop"]);
    cli.create(&["workshop", "--prefix", "erp"]);
    cli.create(&["backup"]);
    for (filter, names) in [
        (&["--search", "shop"][..], &["Web shop", "workshop"][..]),
        (&["--search", "SHOP", "--group", "shop"], &["Web shop"]),
        (&["--search", "w"], &["Web shop", "workshop"]),
        (&["--search", "erp_"], &["workshop"]),
        (&["--search", "nowhere"], &[]),
    ] {
        assert_eq!(cli.names(filter), names, "{filter:?}");
    }
    let table = cli.out(&["list", "--search", "back"]);
    assert_eq!(table.lines().count(), 2, "{table}");
}

#[test]
fn update_changes_what_is_said_and_leaves_the_rest() {
    let cli = Cli::new();
    let text = cli.create(&["a", "--expires", "90d", "--technical-name", "a"]);
    cli.out(&["update", "a", "--rename", "b", "--network", "10.0.0.0/8"]);
    let key = cli.json(&["show", "b"]);
    assert_eq!(key["networks"], json!(["10.0.0.0/8"]));
    assert!(key["expires_at"].is_string());
    assert_eq!(key["technical_name"], "a");
    cli.out(&[
        "update",
        "b",
        "--any-network",
        "--no-expiry",
        "--no-technical-name",
        "--metadata",
        "{\"x\": 1}",
    ]);
    let key = cli.json(&["show", "b"]);
    assert_eq!(key["networks"], json!([]));
    assert!(key["expires_at"].is_null() && key["technical_name"].is_null());
    assert_eq!(key["metadata"], json!({"x": 1}));
    assert_eq!(cli.verify(&text, &[]).0, 0);
    let groups = ["--group", "shop", "--group", "erp"];
    let key = cli.json(&[&["update", "b", "--user", "user-9"][..], &groups].concat());
    assert_eq!(
        (&key["groups"], &key["user"]),
        (&json!(["erp", "shop"]), &json!("user-9"))
    );
    let key = cli.json(&["update", "b", "--no-groups"]);
    assert_eq!(
        (&key["groups"], &key["user"]),
        (&json!([]), &json!("user-9"))
    );
    cli.run(&["update", "b", "--no-groups", "--group", "shop"])
        .failed(2, &["cannot be used with"]);

    cli.run(&["update", "b"])
        .failed(2, &["--rename", "--expires"]);
    cli.run(&["update", "b", "--expires", "tomorrow"])
        .failed(2, &["'tomorrow'", "2027-01-31T12:00:00Z", "90d"]);
    cli.run(&["update", "b", "--network", "10.0.0.300"])
        .failed(2, &["'10.0.0.300'", "10.0.0.0/8"]);
    cli.run(&["update", "b", "--metadata", "[]"])
        .failed(2, &["'[]'", "a JSON object"]);
}

#[test]
fn rotated_key_keeps_its_old_text_for_the_overlap_only() {
    let cli = Cli::new();
    let first = cli.create(&["a"]);
    let second = cli.out(&["rotate", "a", "--overlap", "1h"]);
    assert_eq!(cli.verify(&first, &[]).0, 0);
    let third = cli.out(&["rotate", "a", "--yes"]);
    let codes = [first, second, third].map(|text| cli.verify(&text, &[]).0);
    assert_eq!(codes, [4, 4, 0]);
}

#[test]
fn what_cannot_be_undone_is_not_done_unless_someone_says_yes() {
    let cli = Cli::new();
    cli.create(&["a", "--group", "shop"]);
    cli.create(&["b", "--group", "shop"]);
    let before = (cli.json(&["list"]), cli.json(&["group", "list"]));
    let commands: [&[&str]; 5] = [
        &["rotate", "a"],
        &["delete", "a"],
        &["group", "delete", "shop"],
        &["user", "archive", "user-7"],
        &["neutralize"],
    ];
    for command in commands {
        let refused = cli.run_with(command, "y\n");
        refused.failed(2, &["is not a terminal", "add `--yes`"]);
    }
    assert_eq!((cli.json(&["list"]), cli.json(&["group", "list"])), before);
    for command in commands {
        cli.run(&[command, &["--yes"]].concat()).succeeded();
    }
    assert_eq!(cli.names(&[]), ["b"]);
    assert_eq!(cli.names(&["--archived"]), ["b"]);
    assert_eq!(cli.json(&["group", "list"]), json!([]));
}

#[test]
fn commands_that_change_a_key_print_it() {
    let cli = Cli::new();
    cli.create(&["a"]);
    let [off, on] = [&["archive", "a"], &["unarchive", "a"]].map(|command| cli.json(command));
    assert_eq!(
        (&off["active"], &on["active"]),
        (&json!(false), &json!(true))
    );
    let off = cli.json(&["user", "archive", "user-7", "--yes"]);
    let on = cli.json(&["user", "unarchive", "user-7"]);
    assert_eq!(
        (&off[0]["user_active"], &on[0]["user_active"]),
        (&json!(false), &json!(true))
    );
    cli.out(&["group", "create", "shop", "--name", "The shop"]);
    let key = cli.json(&["group", "add", "shop", "a"]);
    assert_eq!(key["groups"], json!(["shop"]));
    let groups = json!([{"code": "shop", "name": "The shop", "keys": 1}]);
    assert_eq!(cli.json(&["group", "list"]), groups);
    let key = cli.json(&["group", "remove", "shop", "a"]);
    assert_eq!(key["groups"], json!([]));
    assert_eq!(cli.json(&["delete", "a", "--yes"])["name"], "a");
    assert_eq!(cli.names(&[]), [""; 0]);
}

#[test]
fn missing_name_has_its_own_exit_code_and_the_closest_name() {
    let cli = Cli::new();
    cli.create(&["webshop", "--group", "shop"]);
    for command in [
        &["show", "webshp"][..],
        &["update", "webshp", "--no-expiry"],
        &["rotate", "webshp"],
        &["archive", "webshp"],
        &["unarchive", "webshp"],
        &["delete", "webshp", "--yes"],
        &["group", "add", "shop", "webshp"],
    ] {
        let missing = [
            "\"webshp\"",
            "did you mean \"webshop\"?",
            "auth-api-key list",
        ];
        cli.run(command).failed(3, &missing);
    }
    for command in [
        &["group", "add", "shpo", "webshop"][..],
        &["group", "remove", "shpo", "webshop"],
        &["group", "delete", "shpo", "--yes"],
    ] {
        let missing = ["did you mean \"shop\"?", "auth-api-key group create shpo"];
        cli.run(command).failed(3, &missing);
    }
    cli.run(&["user", "unarchive", "user-9"])
        .failed(3, &["did you mean \"user-7\"?"]);
    cli.run(&["create", "webshop", "--user", "user-7"])
        .failed(1, &["a key named \"webshop\" already"]);
}

#[test]
fn verify_says_why_what_the_caller_gets_and_what_helps() {
    let cli = Cli::new();
    let text = cli.create(&["a b", "--group", "shop", "--network", "10.0.0.0/8"]);
    let asked = ["--group", "shop", "--address", "10.1.2.3"];
    let verify = |arguments: &[&str], expected: [&str; 3]| {
        let (code, verdict) = cli.verify(&text, arguments);
        assert_eq!((code, &verdict["admitted"]), (4, &json!(false)));
        let refused = &verdict["refused"];
        assert_eq!([&refused["reason"], &refused["code"]], expected[..2]);
        let remedy = refused["remedy"].as_str().unwrap();
        assert!(remedy.contains(expected[2]), "{remedy}");
        let table = cli.run_with(&[&["verify"], arguments].concat(), &text);
        for piece in ["refused: ", expected[1], expected[2]] {
            assert!(table.out.contains(piece), "{}", table.out);
        }
    };
    assert_eq!(cli.verify(&text, &asked).0, 0);
    verify(
        &["--group", "erp"],
        ["forbidden_group", "forbidden_group", "group add erp 'a b'`"],
    );
    verify(&[], ["unknown_network", "forbidden_network", "--address"]);
    verify(
        &["--address", "192.0.2.7"],
        ["forbidden_network", "forbidden_network", "--network"],
    );
    cli.out(&["update", "a b", "--expires", "2020-01-01", "--yes"]);
    let longer = "update --expires 90d 'a b'`";
    verify(&asked, ["expired_key", "invalid_api_key", longer]);
    cli.out(&["update", "a b", "--no-expiry"]);
    cli.out(&["archive", "a b"]);
    let back = "unarchive 'a b'";
    verify(&asked, ["archived_key", "invalid_api_key", back]);
    cli.out(&["unarchive", "a b"]);
    cli.out(&["user", "archive", "user-7", "--yes"]);
    let back = "user unarchive user-7";
    verify(&asked, ["archived_user", "invalid_api_key", back]);
    cli.out(&["delete", "a b", "--yes"]);
    verify(&asked, ["unknown_key", "invalid_api_key", "deleted"]);

    let (code, verdict) = cli.verify("guessed", &[]);
    assert_eq!((code, &verdict["record"]), (4, &Value::Null));
    let remedy = &verdict["refused"]["remedy"];
    assert!(remedy.as_str().unwrap().contains("typing error"));
    let (code, verdict) = cli.verify("", &[]);
    assert_eq!((code, &verdict["refused"]["status"]), (4, &json!(401)));
    cli.run_with(&["verify"], "two\nlines")
        .failed(1, &["control character"]);
}

#[tokio::test]
async fn text_that_was_rotated_away_is_not_an_expired_key() {
    let cli = Cli::new();
    let first = cli.create(&["a", "--expires", "90d"]);
    cli.out(&["rotate", "a", "--overlap", "1h"]);
    let path = cli.0.path().join("keys.db");
    let url = format!("sqlite:{}", path.display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE api_key_secret SET valid_until = 1 WHERE valid_until IS NOT NULL")
        .execute(&mut database)
        .await
        .unwrap();
    let (code, verdict) = cli.verify(&first, &[]);
    assert_eq!(code, 4);
    let explanation = &verdict["refused"]["explanation"];
    assert!(
        explanation.as_str().unwrap().contains("was rotated"),
        "{explanation}"
    );
}

#[test]
fn asking_whether_a_key_works_is_not_a_use_of_it() {
    let cli = Cli::new();
    let text = cli.create(&["a"]);
    assert_eq!(cli.verify(&text, &[]).0, 0);
    assert!(cli.json(&["show", "a"])["last_used_at"].is_null());
}

#[test]
fn twenty_thousand_rows_are_imported_and_their_texts_issued() {
    let cli = Cli::new();
    let mut rows =
        "\u{feff}name,user,key,groups,networks,expires_at,technical_name,active,metadata\n"
            .to_owned();
    rows += "given,user-7,swordfish,,,,,,\n";
    rows +=
        "full,user-7,,shop; erp,10.0.0.0/8;192.0.2.7,2099-01-31,full,false,\"{\"\"x\"\": 1}\"\n";
    for at in 0..20_000 {
        let name = if at < 14_000 { "key" } else { "late" };
        rows += &format!("{name}-{at},user-{},,shop,,,,,\n", at % 100);
    }
    let imported = cli.run_with(&["import"], &rows);
    assert!(imported.err.contains("20002 keys imported, 20001 of them"));
    let said = "storing 20002 keys, all at once; other changes wait: ";
    let percents = imported.err.matches(said).count();
    assert!((2..=11).contains(&percents), "{}", imported.err);
    assert!(imported.err.starts_with(&format!("{said}0%\n")));
    assert!(!imported.err.contains("swordfish") && !imported.out.contains("swordfish"));
    let issued = imported.succeeded();
    let mut lines = issued.lines();
    assert_eq!(lines.next(), Some("name,key"));
    assert_eq!(lines.clone().count(), 20_001);
    let (name, text) = lines.next_back().unwrap().split_once(',').unwrap();
    assert_eq!(name, "late-19999");
    assert_eq!(
        cli.verify(text, &["--group", "shop"]).1["record"]["name"],
        name
    );
    assert_eq!(cli.verify("swordfish", &[]).1["record"]["name"], "given");
    let full = cli.json(&["show", "full"]);
    let expected = json!({
        "active": false,
        "groups": ["erp", "shop"],
        "networks": ["10.0.0.0/8", "192.0.2.7/32"],
        "expires_at": "2099-01-31T00:00:00Z",
        "technical_name": "full",
        "metadata": {"x": 1},
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&full[field], value, "{field}");
    }
    let stats = cli.json(&["stats"]);
    assert_eq!([&stats["keys"], &stats["archived"]], [20_002, 1]);
    // More than a page has.
    assert_eq!(cli.json(&["list"]).as_array().unwrap().len(), 20_002);
    assert_eq!(cli.out(&["list"]).lines().count(), 20_003);
    // Behind more than a page looks at.
    let late = ["list", "--search", "late-"];
    assert_eq!(cli.json(&late).as_array().unwrap().len(), 6_000);
    let table = cli.out(&late);
    assert!(table.starts_with("NAME "), "{table}");
    assert_eq!(table.lines().count(), 6_001);
}

#[test]
fn network_with_bits_after_its_prefix_is_refused_and_the_network_offered() {
    let cli = Cli::new();
    cli.create(&["a", "--network", "::ffff:192.0.2.0/120"]);
    assert_eq!(
        cli.json(&["show", "a"])["networks"],
        json!(["192.0.2.0/24"])
    );
    for (given, offered) in [
        ("10.1.2.3/8", ["10.0.0.0/8", "10.1.2.3/32"]),
        ("::ffff:10.1.2.3/104", ["10.0.0.0/8", "10.1.2.3/32"]),
        ("2001:db8::1/32", ["2001:db8::/32", "2001:db8::1/128"]),
    ] {
        let create = ["create", "b", "--user", "user-7", "--network", given];
        let update = ["update", "a", "--network", "10.0.0.0/8", "--network", given];
        for arguments in [&create[..], &update] {
            cli.run(arguments)
                .failed(2, &[given, offered[0], offered[1]]);
        }
        let csv = format!("name,user,networks\nb,user-7,10.0.0.0/8\nc,user-7,{given}\n");
        let json = format!("{{\"name\": \"c\", \"user\": \"u\", \"networks\": [\"{given}\"]}}");
        for (rows, line) in [(csv, "line 3: "), (json, "line 1: ")] {
            let import = cli.run_with(&["import"], &rows);
            import.failed(1, &[line, given, offered[0], offered[1]]);
        }
    }
    assert_eq!(cli.names(&[]), ["a"]);
}

#[test]
fn all_bad_rows_are_reported_by_their_lines_and_nothing_is_stored() {
    let cli = Cli::new();
    cli.create(&["there"]);
    let given = ["create", "given", "--user", "user-7", "--text-from-stdin"];
    cli.run_with(&given, "swordfish").succeeded();
    let csv = "name,user,key,expires_at\n\
               fine,user-7,,\n\
               no-user,,first-secret,\n\
               \"over\n two lines\",user-7,second-secret,\n\
               there,user-7,third-secret,\n\
               late,user-7,,tomorrow\n\
               short,user-7\n\
               same,user-7,fourth-secret,\n\
               twin,user-7,fourth-secret,\n\
               same,user-7,,\n\
               fine-too,user-7,,90d\n";
    let refused = cli.run_with(&["import"], csv);
    refused.failed(
        1,
        &[
            "7 of 10 rows cannot be imported; nothing was stored\n",
            "line 3: user is missing\n",
            "line 4: a key cannot be named \"over\\n two lines\"",
            "line 6: a key in the database has the same name\n",
            "line 7: expires_at cannot be read",
            "line 8: has 2 fields, but the header has 4\n",
            "line 10: line 9 has the same key\n",
            "line 11: line 9 has the same name\n",
        ],
    );
    assert_eq!(refused.err.lines().count(), 8, "{}", refused.err);
    assert!(!refused.err.contains("-secret"), "{}", refused.err);

    let json_lines = "{\"name\": \"a\", \"user\": \"u\", \"grups\": [\"x\"]}\n\
                      {\"name\": \"b\", \"user\": \"u\"}\n\
                      \n\
                      {\"name\": \"c\", \"user\": \"u\", \"key\": 12345}\n\
                      swordfish\n";
    let refused = cli.run_with(&["import"], json_lines);
    refused.failed(
        1,
        &[
            "3 of 4 rows",
            "line 1: there is no field \"grups\"; did you mean \"groups\"?",
            "line 4: key must be a string",
            "line 5: is not a JSON object on one line",
        ],
    );
    assert!(!refused.err.contains("12345") && !refused.err.contains("swordfish"));

    let long = "12345678901234567890";
    let number = format!("{{\"n\": {long}1}}");
    let quoted = number.replace('"', "\"\"");
    for rows in [
        format!("name,user,metadata\na,u,\"{quoted}\"\n"),
        format!("\n{{\"name\": \"a\", \"user\": \"u\", \"metadata\": {number}}}\n"),
    ] {
        let refused = cli.run_with(&["import"], &rows);
        refused.failed(1, &["line 2: ", "more digits than can be stored"]);
        assert!(!refused.err.contains(long), "{}", refused.err);
    }
    cli.run(&["update", "there", "--metadata", &number])
        .failed(2, &["more digits than can be stored"]);

    let taken = cli.run_with(&["import"], "name,user,key\na,u,\nb,u,swordfish\n");
    taken.failed(1, &["line 3: ", "text of key \"given\" already"]);
    assert!(!taken.err.contains("swordfish"));

    cli.run_with(&["import"], "name,usr\n")
        .failed(1, &["line 1: ", "\"usr\"; did you mean \"user\"?"]);
    // A text in the wrong place is not shown.
    let mixed = cli.run_with(&["import"], "name,user,technical_name\na,u,Swordfish!\n");
    mixed.failed(1, &["line 2: technical_name has other characters"]);
    let headless = cli.run_with(&["import"], "swordfish,a,u\n");
    headless.failed(1, &["line 1: there is an unknown column"]);
    for refused in [mixed, headless] {
        assert!(!refused.err.to_lowercase().contains("swordfish"));
    }
    cli.run_with(&["import"], "name\n")
        .failed(1, &["line 1: the column \"user\" is missing"]);
    cli.run(&["import"]).failed(1, &["standard input is empty"]);
    assert_eq!(cli.names(&[]), ["given", "there"]);
}

#[test]
fn rows_are_counted_by_lines_however_these_end() {
    let cli = Cli::new();
    // Lines 5, 8 and 10 are wrong.
    let rows = "\nname,user,metadata\n\nfine,u,\nbad,,\nover,u,\"{\n}\"\n,u,\n \n,u,\n";
    for end in ["\n", "\r\n", "\r"] {
        let refused = cli.run_with(&["import"], &rows.replace('\n', end));
        refused.failed(
            1,
            &["3 of 5 rows", "\nline 5: ", "\nline 8: ", "\nline 10: "],
        );
        let rows = "{\"name\": \"a\", \"user\": \"u\"}\n\n{}\n\u{feff}[]\n";
        let refused = cli.run_with(&["import"], &rows.replace('\n', end));
        refused.failed(1, &["2 of 3 rows", "\nline 3: ", "\nline 4: "]);
    }
    let rows = "sep=;\r\n\r\nname;usr\r\n";
    cli.run_with(&["import"], rows)
        .failed(1, &["line 3: ", "\"usr\""]);
    assert_eq!(cli.names(&[]), [""; 0]);
}

#[test]
fn columns_are_separated_as_spreadsheets_do_it() {
    for (rows, separator) in [
        (
            "name,user,key,groups\n a , u ,swordfish,\"shop,erp\"\n,,,\n",
            ",",
        ),
        ("name;user;key;groups\r\n a ;u;swordfish;shop,erp\r\n", ";"),
        ("name\tuser\tkey\tgroups\na\tu\tswordfish\tshop;erp\n", "\t"),
        (
            "sep=;\r\n\"name\";\"user\"; key ;groups\r\na;u;swordfish;\"shop;erp\"\r\n",
            ";",
        ),
        (
            "\u{feff}SEP=|\nname|user|key|groups\na|u|swordfish|shop, erp\n",
            "|",
        ),
    ] {
        let cli = Cli::new();
        cli.run_with(&["import"], rows).succeeded();
        assert_eq!(cli.names(&[]), ["a"], "{separator:?}");
        let (code, verdict) = cli.verify("swordfish", &["--group", "shop"]);
        assert_eq!((code, &verdict["record"]["user"]), (0, &json!("u")));
        assert_eq!(verdict["record"]["groups"], json!(["erp", "shop"]));
    }
}

#[test]
fn group_with_a_comma_is_an_error() {
    let cli = Cli::new();
    cli.create(&["a"]);
    let both = ["--group", "shop,erp"];
    for command in [
        &["create", "b", "--user", "u"][..],
        &["update", "a"],
        &["list"],
        &["verify"],
    ] {
        cli.run(&[command, &both].concat()).failed(
            2,
            &[
                "'shop,erp'",
                "cannot have a comma; give each group separately",
            ],
        );
    }
    cli.run(&["group", "create", "shop,erp"])
        .failed(2, &["'shop,erp'", "cannot have a comma"]);
    cli.run(&["group", "add", "shop,erp", "a"])
        .failed(3, &["\"shop,erp\"", "auth-api-key group list"]);
    let json = "{\"name\": \"b\", \"user\": \"u\", \"groups\": [\"shop,erp\"]}";
    cli.run_with(&["import"], json)
        .failed(1, &["line 1: groups: ", "cannot have a comma"]);
    assert_eq!(cli.names(&[]), ["a"]);
}

#[tokio::test]
async fn writer_says_what_it_waits_for() {
    let cli = Cli::new();
    cli.create(&["a"]);
    let path = cli.0.path().join("keys.db");
    let url = format!("sqlite:{}", path.display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let mut hold = async |statement: &'static str| {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    };
    hold("BEGIN IMMEDIATE").await;
    let mut waiting = cli
        .command(&["archive", "a", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut err = BufReader::new(waiting.stderr.take().unwrap());
    err.read_line(&mut said).unwrap();
    assert!(
        said.contains("another program") && said.contains("import"),
        "{said}"
    );
    hold("COMMIT").await;
    let done = waiting.wait_with_output().unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert_eq!(cli.json(&["show", "a"])["active"], json!(false));

    hold("BEGIN IMMEDIATE").await;
    let gave_up = cli.run(&["unarchive", "a"]);
    gave_up.failed(1, &["database is locked", "try again when it is done"]);
}

#[test]
fn json_lines_are_imported_and_answered_as_json_lines() {
    let cli = Cli::new();
    let rows = "{\"name\": \"a\", \"user\": \"u\", \"groups\": [\"x;y\"], \"active\": false}\n\
                {\"name\": \"b\", \"user\": \"u\", \"key\": \"swordfish\", \"metadata\": {\"x\": 1}}\n";
    let issued = cli.run_with(&["import"], rows).succeeded();
    let issued: Value = serde_json::from_str(&issued).unwrap();
    assert_eq!(issued["name"], "a");
    cli.out(&["unarchive", "a"]);
    let text = issued["key"].as_str().unwrap();
    assert_eq!(cli.verify(text, &["--group", "x;y"]).0, 0);
    assert_eq!(cli.json(&["show", "b"])["metadata"], json!({"x": 1}));
    cli.run_with(&["import", "--format", "csv"], rows).failed(
        1,
        &["line 1: there is an unknown column\nhelp: the columns are name, user"],
    );
}

#[test]
fn stats_count_each_key_in_one_state() {
    let cli = Cli::new();
    cli.create(&["a", "--group", "shop", "--expires", "29d"]);
    cli.create(&["b", "--group", "shop", "--expires", "31d"]);
    cli.create(&["c", "--group", "shop", "--expires", "2020-01-01", "--yes"]);
    cli.create(&["d", "--expires", "2020-01-01", "--yes"]);
    cli.out(&["archive", "d"]);
    assert_eq!(
        cli.json(&["stats"]),
        json!({
            "keys": 4,
            "active": 2,
            "expired": 1,
            "archived": 1,
            "expiring_within_30_days": 1,
            "never_used": 2,
            "last_used_over_90_days_ago": 0,
            "users": 1,
            "groups": 1,
            "by_group": [{"code": "shop", "keys": 3, "active": 2}],
        })
    );
    assert!(cli.out(&["stats"]).contains("expiring within 30 days"));
}

#[test]
fn peppers_come_from_the_environment_or_from_files() {
    let cli = Cli::new();
    let pepper = "cayenne-0123456789";
    fs::write(cli.0.path().join("pepper"), pepper).unwrap();
    let with_file = |arguments: &[&str]| cli.run(&[arguments, &["--pepper", "1=pepper"]].concat());
    let created = with_file(&["create", "a", "--user", "user-7"]).succeeded();
    let mut verify = cli.command(&["verify"]);
    verify.env("API_KEY_PEPPER_1", pepper);
    finish(&mut verify, &created).succeeded();

    // The mark that some editors write at the beginning is not part of it.
    fs::write(cli.0.path().join("marked"), format!("\u{feff}{pepper}")).unwrap();
    let marked = ["verify", "--pepper", "1=marked"];
    cli.run_with(&marked, &created).succeeded();
    fs::write(cli.0.path().join("unseen"), format!("{pepper}\u{200b}")).unwrap();
    cli.run(&["list", "--pepper", "1=unseen"])
        .failed(1, &["pepper version 1 holds", "U+200B"]);

    let mut refused = Vec::new();
    for command in [
        &["create", "b", "--user", "user-7"][..],
        &["rotate", "a"],
        &["import"],
        &["verify"],
    ] {
        let missing = cli.run_with(command, "name,user\nb,user-7\n");
        let said = ["pepper version 1", "API_KEY_PEPPER_1", "--pepper 1=FILE"];
        missing.failed(1, &said);
        refused.push(missing);
    }
    for command in [
        &["archive", "a"][..],
        &["unarchive", "a"],
        &["update", "a", "--user", "user-8"],
        &["stats"],
        &["migrate"],
    ] {
        cli.run(command).succeeded();
    }
    assert_eq!(cli.names(&[]), ["a"]);
    let mut wrong = cli.command(&["list"]);
    wrong.env("API_KEY_PEPPER_1", "paprika-0123456789");
    let wrong = finish(&mut wrong, "");
    wrong.failed(1, &["pepper version 1 is not the one"]);
    let mut unnumbered = cli.command(&["list"]);
    unnumbered.env("API_KEY_PEPPER_NEW", pepper);
    let unnumbered = finish(&mut unnumbered, "");
    unnumbered.failed(2, &["`API_KEY_PEPPER_NEW`"]);
    for ran in refused.into_iter().chain([wrong, unnumbered]) {
        assert!(!ran.err.contains("cayenne") && !ran.err.contains("paprika"));
    }
    cli.run(&["list", "--pepper", "cayenne"])
        .failed(2, &["1=/run/secrets/pepper"]);
    cli.run(&["list", "--pepper", "1=nowhere"])
        .failed(2, &["nowhere"]);

    // A copy of a database comes without its peppers.
    cli.run(&["neutralize", "--yes"]).succeeded();
    assert_eq!(cli.run_with(&["verify"], &created).code, 4);
}

/// Commands that make no tables.
const COMMANDS: [&[&str]; 12] = [
    &["list"],
    &["show", "webshop"],
    &["stats"],
    &["verify"],
    &["update", "webshop", "--user", "user-8"],
    &["rotate", "webshop"],
    &["archive", "webshop"],
    &["delete", "webshop", "--yes"],
    &["group", "list"],
    &["group", "create", "shop"],
    &["user", "archive", "user-7", "--yes"],
    &["neutralize", "--yes"],
];

#[test]
fn database_is_made_only_by_commands_that_fill_it() {
    let cli = Cli::new();
    for command in COMMANDS {
        for url in ["sqlite:keys.db", "sqlite:keys.db?mode=rwc"] {
            finish(cli.command(command).env("DATABASE_URL", url), "key").failed(
                1,
                &[
                    "\"keys.db\"",
                    "has no tables of this program",
                    "auth-api-key migrate",
                ],
            );
        }
    }
    let create = ["create", "webshop", "--user", "user-7"];
    let short = cli
        .command(&create)
        .env("API_KEY_PEPPER_1", "short")
        .output();
    assert_eq!(short.unwrap().status.code(), Some(1));
    assert_eq!(fs::read_dir(&cli.0).unwrap().count(), 0);
    let migrated = cli.run(&["migrate"]);
    assert!(
        migrated
            .err
            .contains("the tables in sqlite:keys.db are up to date")
    );
    assert_eq!(cli.json(&["list"]), json!([]));
}

#[tokio::test]
async fn file_of_another_application_is_left_as_it_is() {
    let cli = Cli::new();
    let file = cli.0.path().join("keys.db");
    for tables in ["invoice (id)", "api_key (id, secret)"] {
        fs::write(&file, "").unwrap();
        let mut other = SqliteConnection::connect(&format!("sqlite:{}", file.display()))
            .await
            .unwrap();
        let made = sqlx::AssertSqlSafe(format!("CREATE TABLE {tables}"));
        sqlx::query(made).execute(&mut other).await.unwrap();
        other.close().await.unwrap();
        let before = fs::read(&file).unwrap();
        for command in COMMANDS {
            let ran = cli.run_with(command, "key");
            match tables.starts_with("api_key") {
                true => ran.failed(1, &["a table `api_key` that auth-api-key did not make"]),
                false => ran.failed(
                    1,
                    &["has no tables of this program", "auth-api-key migrate"],
                ),
            }
        }
        if tables.starts_with("api_key") {
            let created = cli.run(&["create", "webshop", "--user", "user-7"]);
            created.failed(1, &["a table `api_key` that auth-api-key did not make"]);
        }
        assert_eq!(fs::read(&file).unwrap(), before);
        assert_eq!(fs::read_dir(&cli.0).unwrap().count(), 1);
    }
}

#[test]
fn database_must_be_named_and_its_password_is_not_repeated() {
    let cli = Cli::new();
    let mut nowhere = cli.command(&["list"]);
    let nowhere = finish(nowhere.env_remove("DATABASE_URL"), "");
    nowhere.failed(2, &["--database-url sqlite:keys.db", "DATABASE_URL"]);
    for command in [&["list"][..], &["neutralize", "--yes"], &["--help"]] {
        let mut elsewhere = cli.command(command);
        elsewhere.env("DATABASE_URL", "mysql://me:swordfish@host/keys");
        let elsewhere = finish(&mut elsewhere, "");
        assert!(!elsewhere.err.contains("swordfish") && !elsewhere.out.contains("swordfish"));
        match command {
            ["--help"] => assert_eq!(elsewhere.code, 0),
            _ => elsewhere.failed(1, &["\"mysql\""]),
        }
    }
}

#[test]
fn address_is_read_as_a_file_or_an_editor_gives_it() {
    let cli = Cli::new();
    for url in [
        "SQLite:keys.db",
        "sqlite:keys.db\r\n",
        "\u{feff}sqlite:keys.db\n",
    ] {
        for arguments in [&["migrate"][..], &["list"], &["neutralize", "--yes"]] {
            let mut command = cli.command(arguments);
            finish(command.env("DATABASE_URL", url), "").succeeded();
        }
    }
    let files = fs::read_dir(&cli.0).unwrap();
    assert!(files.into_iter().all(|file| {
        let name = file.unwrap().file_name().into_string().unwrap();
        name.starts_with("keys.db") && !name.contains('\n')
    }));
    for url in ["postgres://me:hunter/gouda@host/db", "\n"] {
        let mut command = cli.command(&["neutralize", "--yes"]);
        let refused = finish(command.env("DATABASE_URL", url), "");
        assert!(matches!(refused.code, 1 | 2), "{}", refused.err);
        assert!(!refused.err.contains("hunter") && !refused.err.contains("gouda"));
    }
}

#[test]
fn reader_that_goes_away_is_an_error_only_if_it_should_get_a_text() {
    let cli = Cli::new();
    let rows: String = (0..2000).map(|at| format!("key-{at},user-7\n")).collect();
    let rows = format!("name,user\n{rows}");
    cli.run_with(&["import"], &rows).succeeded();

    // As `list | head -c 1`: more than a pipe holds is left when the reader goes.
    let mut list = cli
        .command(&["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    list.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    let list = list.wait_with_output().unwrap();
    assert_eq!((list.status.code(), &list.stderr[..]), (Some(0), &b""[..]));

    let closed = |arguments: &[&str], input: &str| {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        fs::write(cli.0.path().join("input"), input).unwrap();
        let input = fs::File::open(cli.0.path().join("input")).unwrap();
        let mut command = cli.command(arguments);
        let output = command.stdin(input).stdout(writer).stderr(Stdio::piped());
        let output = output.spawn().unwrap().wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), err)
    };
    for command in [
        &["--help"][..],
        &["completions", "bash"],
        &["stats", "--json"],
    ] {
        assert_eq!(closed(command, ""), (0, String::new()), "{command:?}");
    }
    let (code, err) = closed(&["create", "new", "--user", "user-7"], "");
    assert_eq!(code, 1);
    assert!(err.contains("auth-api-key rotate --yes new"), "{err}");
    let (code, err) = closed(&["import"], "name,user\nnewer,user-7\n");
    assert_eq!(code, 1);
    assert!(err.contains("1 keys were imported, but"), "{err}");

    // Nobody hears a complaint either.
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut missing = cli.command(&["show", "nobody"]);
    let missing = missing.stderr(writer).status().unwrap();
    assert_eq!(missing.code(), Some(3));
}

/// Runs a command of a shell, and gives the program's code and what it says on standard error.
#[cfg(unix)]
fn shell(cli: &Cli, script: &str, input: &str) -> (i32, String) {
    let mut command = Command::new("sh");
    let program = Path::new(env!("CARGO_BIN_EXE_auth-api-key"));
    let path = env::var_os("PATH").unwrap();
    let folders = env::split_paths(&path).chain([program.parent().unwrap().to_owned()]);
    command
        .args(["-c", script])
        .current_dir(&cli.0)
        .env("PATH", env::join_paths(folders).unwrap())
        .env("DATABASE_URL", "sqlite:keys.db");
    let ran = finish(&mut command, input);
    (ran.code, ran.err)
}

#[cfg(unix)]
#[test]
fn no_text_is_issued_for_an_output_that_is_closed() {
    let cli = Cli::new();
    let text = cli.create(&["a"]);
    for (command, input) in [
        ("create b --user u", ""),
        ("create b --user u --json", ""),
        ("rotate a --yes", ""),
        ("import", "name,user\nb,u\n"),
    ] {
        for closed in [">&-", ">/dev/null"] {
            let (code, err) = shell(&cli, &format!("auth-api-key {command} {closed}"), input);
            assert!(
                code == 1 && err.contains("would be lost"),
                "{command}: {err}"
            );
        }
    }
    assert_eq!(cli.names(&[]), ["a"]);
    assert_eq!(cli.verify(&text, &[]).0, 0);
    // What shows no text needs no output.
    let given = "auth-api-key create b --user u --text-from-stdin >&-";
    assert_eq!(shell(&cli, given, "swordfish").0, 0);
    let rows = "name,user,key\nc,u,herring\n";
    assert_eq!(shell(&cli, "auth-api-key import >&-", rows).0, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn text_that_standard_output_does_not_take_is_on_standard_error() {
    let cli = Cli::new();
    for (command, input) in [
        ("create a --user u", ""),
        ("rotate a --yes --json", ""),
        ("import", "name,user\nb,u\n"),
    ] {
        let full = format!("auth-api-key {command} >/dev/full");
        let (code, err) = shell(&cli, &full, input);
        assert!(
            code == 1 && err.contains("standard output cannot be written"),
            "{err}"
        );
        let words = err.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let mut texts = words.filter(|word| has_valid_checksum(word));
        assert_eq!(cli.verify(texts.next().unwrap(), &[]).0, 0, "{err}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_text_stays_that_nobody_has_seen() {
    let cli = Cli::new();
    let text = cli.create(&["a"]);
    let before = cli.json(&["list"]);
    for (command, input) in [
        ("rotate a --yes", ""),
        ("rotate a --overlap 1h --json", ""),
        ("create b --user u", ""),
        ("create b --user u --json", ""),
        ("import", "name,user,key\nb,u,\nc,u,swordfish\n"),
    ] {
        let full = format!("auth-api-key {command} >/dev/full 2>&1");
        assert_eq!(shell(&cli, &full, input).0, 1, "{command}");
    }
    assert_eq!(cli.json(&["list"]), before);
    assert_eq!(cli.verify(&text, &[]).0, 0);
    let secrets = cli.0.path().join("keys.db");
    let ending = "SELECT count(*) FROM api_key_secret WHERE valid_until IS NULL";
    assert_eq!(count(&secrets, ending).await, 1);
    let all = "SELECT count(*) FROM api_key_secret";
    assert_eq!(count(&secrets, all).await, 1);
}

#[test]
fn key_that_is_refused_at_once_is_made_only_if_someone_says_yes() {
    let cli = Cli::new();
    cli.create(&["a"]);
    for past in ["2020-01-01", "2020-01-01T00:00:00Z", "today", "0s"] {
        for command in [&["create", "b", "--user", "u"][..], &["update", "a"]] {
            let command = [command, &["--expires", past]].concat();
            cli.run(&command).failed(2, &["is past", "add `--yes`"]);
        }
        let rows = format!("name,user,expires_at\nfine,u,\nb,u,{past}\n");
        cli.run_with(&["import"], &rows)
            .failed(1, &["line 3: expires_at is past", "`--yes`"]);
    }
    assert_eq!(cli.json(&["list"])[0]["expires_at"], Value::Null);
    assert_eq!(cli.names(&[]), ["a"]);
    cli.create(&["b", "--expires", "0s", "--yes"]);
    cli.out(&["update", "a", "--expires", "today", "--yes"]);
    let rows = "name,user,expires_at\nc,u,2020-01-01\n";
    cli.run_with(&["import", "--yes"], rows).succeeded();
    assert_eq!(cli.names(&["--expired"]), ["a", "b", "c"]);
    for endless in ["9999-12-31", "never"] {
        for command in [&["create", "d", "--user", "u"][..], &["update", "a"]] {
            let command = [command, &["--expires", endless]].concat();
            cli.run(&command)
                .failed(2, &["give no expiry", "update --no-expiry"]);
        }
        let rows = format!("name,user,expires_at\nd,u,{endless}\n");
        cli.run_with(&["import"], &rows)
            .failed(1, &["line 2: ", "give no expiry"]);
    }
}

#[test]
fn key_that_is_refused_is_rotated_only_if_someone_says_yes() {
    let cli = Cli::new();
    for name in ["archived", "expired", "user archived"] {
        cli.out(&["create", name, "--user", name]);
    }
    cli.out(&["archive", "archived"]);
    cli.out(&["update", "expired", "--expires", "0s", "--yes"]);
    cli.out(&["user", "archive", "user archived", "--yes"]);
    let before = cli.json(&["list"]);
    for name in ["archived", "expired", "user archived"] {
        let rotate = ["rotate", name, "--overlap", "1h"];
        cli.run(&rotate)
            .failed(2, &[&format!("It is {name}"), "add `--yes`"]);
        assert_eq!(cli.json(&["list"]), before);
    }
    for name in ["archived", "expired", "user archived"] {
        cli.out(&["rotate", name, "--overlap", "1h", "--yes"]);
    }
}

/// The commands that are suggested in what was printed.
#[cfg(unix)]
fn suggested(printed: &str) -> Vec<&str> {
    let quoted = printed.split('`').skip(1).step_by(2);
    quoted
        .filter(|text| text.starts_with("auth-api-key "))
        .collect()
}

/// What no terminal obeys, and a command can be pasted of: quotes, dashes, `$`.
const AWKWARD: [&str; 6] = [
    "-x",
    "--yes",
    "a b",
    "it's \"the\" $HOME\\n%s*",
    "-\u{1b}[2J\nb",
    "\u{202e}gnp\u{200b}.-é",
];

impl Cli {
    /// Gives the one key and the one user that there are names as only SQL gives them.
    async fn name_all(&self, name: &str) {
        let url = format!("sqlite:{}", self.0.path().join("keys.db").display());
        let mut database = SqliteConnection::connect(&url).await.unwrap();
        for statement in [
            "PRAGMA foreign_keys = OFF",
            "UPDATE api_key SET name = $1, user_id = $1",
            "UPDATE api_key_user SET id = $1",
            "UPDATE api_key_group SET code = $1, name = $1",
        ] {
            sqlx::query(statement)
                .bind(name)
                .execute(&mut database)
                .await
                .unwrap();
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn commands_that_are_suggested_work_as_they_are() {
    for name in AWKWARD {
        let cli = Cli::new();
        let text = cli.create(&["plain", "--group", "shop"]);
        cli.name_all(name).await;
        let mut ran = 0;
        let mut try_all = |printed: &str, number: usize| {
            let commands = suggested(printed);
            assert_eq!(commands.len(), number, "{printed}");
            for command in commands {
                let (code, err) = shell(&cli, command, "");
                assert_eq!(code, 0, "{command}: {err}");
                ran += 1;
            }
        };
        let verify =
            |arguments: &[&str]| cli.run_with(&[&["verify"], arguments].concat(), &text).out;
        cli.out(&["archive", "--", name]);
        try_all(&verify(&[]), 1);
        cli.out(&["update", "--expires", "0s", "--yes", "--", name]);
        try_all(&verify(&[]), 1);
        cli.out(&["user", "archive", "--yes", "--", name]);
        try_all(&verify(&[]), 1);
        let group = format!("--group=-{name}");
        if !name.contains(char::is_control) {
            try_all(&verify(&[&group]), 2);
            assert!(verify(&[&group]).starts_with("admitted: "));
            let missing = format!("-{name}-");
            let missing = cli.run(&["group", "add", "--", &missing, name]);
            try_all(&missing.err, 1);
        }
        cli.out(&["update", "--network", "10.0.0.0/8", "--", name]);
        try_all(&verify(&["--address", "192.0.2.7"]), 1);
        cli.out(&["update", "--any-network", "--", name]);
        assert!(verify(&[]).starts_with("admitted: "), "{}", verify(&[]));
        try_all(&cli.run_with(&["verify"], "guessed").out, 1);
        try_all(&cli.run(&["show", "--", "-nobody"]).err, 1);
        try_all(&cli.run(&["user", "unarchive", "--", "-nobody"]).err, 1);
        if cfg!(target_os = "linux") && !name.contains(char::is_control) {
            let mut create = cli.command(&["create", "--user", "u", "--", &format!("{name}2")]);
            let full = fs::File::options().write(true).open("/dev/full").unwrap();
            let full = create.stdout(full).stderr(Stdio::piped()).output().unwrap();
            try_all(&String::from_utf8(full.stderr).unwrap(), 1);
        }
        // Also if the database and the peppers are not in the environment.
        fs::write(cli.0.path().join("my pepper"), "cayenne-0123456789").unwrap();
        let elsewhere = [
            "--database-url",
            "sqlite:-my keys.db",
            "--pepper",
            "1=my pepper",
        ];
        let missing = cli.run(&[&["list"], &elsewhere[..]].concat());
        try_all(&missing.err, 1);
        assert!(cli.0.path().join("-my keys.db").exists());
        assert!(ran >= 8, "{ran}");
    }
}

#[tokio::test]
async fn nothing_that_a_database_holds_reaches_a_terminal_as_it_is() {
    use auth_api_key::key::is_invisible;
    for name in [AWKWARD[4], AWKWARD[5], "\u{9b}31m\u{7f}\r\u{2028}\u{e0041}"] {
        let cli = Cli::new();
        let text = cli.create(&["plain", "--group", "shop"]);
        cli.name_all(name).await;
        let almost = format!("{name}1");
        let commands: [&[&str]; 15] = [
            &["list"],
            &["show", "--", name],
            &["group", "list"],
            &["stats"],
            &["verify"],
            &["verify", "--group", "erp"],
            &["delete", "--", name],
            &["rotate", "--", name],
            &["group", "delete", "--", name],
            &["user", "archive", "--", name],
            &["create", "--user", "u", "--", name],
            // The text is that of the key, and the error names it.
            &["create", "new", "--user", "u", "--text-from-stdin"],
            &["show", "--", &almost],
            &["user", "unarchive", "--", &almost],
            &["group", "delete", "--", &almost],
        ];
        let escaped: String = name.chars().next().unwrap().escape_unicode().collect();
        let escaped = if name.starts_with('-') {
            "\\u{1b}"
        } else {
            &escaped
        };
        for command in commands {
            for json in [&[][..], &["--json"]] {
                let command = [&command[..1], json, &command[1..]].concat();
                // `group list` and the like take the option after their second word.
                let command = match command[..] {
                    [first, "--json", second, ref rest @ ..]
                        if ["group", "user"].contains(&first) =>
                    {
                        [&[first, second, "--json"], rest].concat()
                    }
                    _ => command,
                };
                let ran = cli.run_with(&command, &text);
                let printed = format!("{}{}", ran.out, ran.err);
                let raw = |c: char| c != '\n' && (c.is_control() || is_invisible(c));
                assert!(!printed.contains(raw), "{command:?}: {printed:?}");
                assert!(!printed.contains(name), "{command:?}: {printed:?}");
                assert!(ran.err.lines().count() <= 4, "{command:?}: {printed:?}");
                if json.is_empty() || ran.out.is_empty() {
                    assert!(printed.contains(escaped), "{command:?}: {printed:?}");
                } else {
                    let read: Value = serde_json::from_str(&ran.out).unwrap();
                    let within = read.to_string();
                    let name = serde_json::to_string(name).unwrap();
                    assert!(within.contains(&name), "{command:?}: {within}");
                }
            }
        }
    }
}

#[test]
fn help_has_the_exit_codes_and_shells_get_completions() {
    let cli = Cli::new();
    let help = cli.out(&["--help"]);
    for code in 0..=4 {
        assert!(help.contains(&format!("\n  {code}  ")), "{help}");
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = cli.out(&["completions", shell]);
        assert!(script.contains("neutralize"), "{shell}");
    }
    assert_eq!(fs::read_dir(&cli.0).unwrap().count(), 0);
}

#[tokio::test]
async fn migrate_makes_a_missing_trigger_again() {
    let cli = Cli::new();
    cli.create(&["webshop"]);
    let file = cli.0.path().join("keys.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    sqlx::raw_sql("DROP TRIGGER api_key_updated")
        .execute(&mut connection)
        .await
        .unwrap();
    let said = ["`api_key_updated`", "run `auth-api-key migrate`"];
    cli.run(&["list"]).failed(1, &said);
    let migrated = cli.run(&["migrate"]);
    let said = "`api_key_updated` is repaired\n";
    assert!(migrated.err.contains(said), "{}", migrated.err);
    assert_eq!(cli.names(&[]), ["webshop"]);
}

/// What a query of a file that may not be there yet gives.
async fn count(file: &Path, query: &'static str) -> i64 {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false);
    let Ok(mut database) = options.connect().await else {
        return 0;
    };
    let count = sqlx::query_scalar(query).fetch_one(&mut database).await;
    database.close().await.unwrap();
    count.unwrap_or(0)
}

#[tokio::test]
async fn copy_that_was_killed_goes_on_when_it_is_run_again() {
    let cli = Cli::new();
    let text = cli.create(&["webshop", "--group=shop"]);
    let rows: String = (0..5000).map(|n| format!("key-{n},user-{n}\n")).collect();
    cli.run_with(&["import"], &format!("name,user\n{rows}"))
        .succeeded();
    let copy = ["copy", "--from=sqlite:keys.db", "--to=sqlite:copy.db"];
    let mut killed = cli.command(&copy).stderr(Stdio::null()).spawn().unwrap();
    let file = cli.0.path().join("copy.db");
    while count(&file, "SELECT count(*) FROM api_key_secret").await == 0 {
        assert!(
            killed.try_wait().unwrap().is_none(),
            "it has ended too soon"
        );
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(count(&file, "SELECT count(*) FROM api_key_secret").await < 5001);

    let there = "--database-url=sqlite:copy.db";
    let warned = |command: &str| {
        let err = cli.run_with(&[command, there], &text).err;
        err.starts_with("warning: the keys in sqlite:") && err.contains("an unfinished copy")
    };
    assert!(warned("stats") && warned("verify"));
    #[cfg(unix)]
    {
        let said = cli.run(&["stats", there]).err;
        let (code, err) = shell(&cli, suggested(&said)[0], "");
        assert!(code == 0 && !warned("stats") && !warned("verify"), "{err}");
    }

    let again = cli.run(&copy);
    let said = "all 5001 keys of sqlite:keys.db are in sqlite:copy.db; to copy later changes, run this again";
    assert!(again.err.starts_with(said), "{}", again.err);
    assert_eq!(again.succeeded(), "");
    assert_eq!(cli.verify(&text, &[there]).0, 0);

    let hand_over = [&copy[..], &["--final"]].concat();
    cli.run(&hand_over).failed(
        2,
        &["Archive all keys in sqlite:keys.db once they are in sqlite:copy.db?"],
    );
    assert_eq!(cli.verify(&text, &[]).0, 0);
    cli.create(&["later"]);
    let yes = [&hand_over[..], &["--yes", "--actor=alice"]].concat();
    for _ in 0..2 {
        let handed_over = cli.run(&yes);
        let said = "all 5002 keys of sqlite:keys.db are in sqlite:copy.db; servers over sqlite:keys.db \
                    refuse them from now on";
        assert!(handed_over.err.starts_with(said), "{}", handed_over.err);
    }
    let newest = &cli.json(&["trail", "--key=later"])[0];
    assert_eq!([&newest["actor"], &newest["action"]], ["alice", "archived"]);
    let (code, verdict) = cli.verify(&text, &[]);
    assert_eq!(
        (code, &verdict["refused"]["reason"]),
        (4, &json!("archived_key"))
    );
    assert_eq!(cli.verify(&text, &[there]).0, 0);
    cli.run(&copy).failed(1, &["are archived already"]);
}

#[test]
fn copy_says_which_of_its_databases_cannot_be_used() {
    let cli = Cli::new();
    let copy = ["copy", "--from=sqlite:keys.db", "--to=sqlite:copy.db"];
    cli.run(&copy).failed(
        1,
        &["--from sqlite:keys.db: cannot open the database", "keys.db"],
    );
    fs::write(cli.0.path().join("keys.db"), "").unwrap();
    cli.run(&copy).failed(
        1,
        &[
            "--from sqlite:keys.db: migration 1",
            "help: check the address",
        ],
    );
    assert!(!cli.0.path().join("copy.db").exists());
    cli.create(&["webshop"]);
    cli.run(&["copy", "--from=sqlite:keys.db", "--to=sqlite:no/copy.db"])
        .failed(1, &["--to sqlite:no/copy.db: cannot open the database"]);
    cli.run(&["copy", "--from=sqlite:keys.db", "--to=sqlite:keys.db"])
        .failed(
            1,
            &["sqlite:keys.db was not copied to sqlite:keys.db: the source and the target are one"],
        );
    cli.run(&["copy", "--from=sqlite:keys.db"])
        .failed(2, &["--to"]);
}

#[test]
fn file_needs_no_address_to_watch() {
    let cli = Cli::new();
    cli.create(&["webshop"]);
    let mut list = cli.command(&["list"]);
    let ran = finish(list.env("DATABASE_WATCH_URL", "postgres://server/keys"), "");
    assert!(ran.succeeded().contains("webshop"));
}

/// As a file on a medium that is mounted to be read only.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn file_that_cannot_be_written_is_read_and_copied() {
    use std::os::unix::fs::PermissionsExt;

    let cli = Cli::new();
    cli.create(&["webshop"]);
    // With the last connection SQLite ends its log.
    count(
        &cli.0.path().join("keys.db"),
        "SELECT count(*) FROM api_key",
    )
    .await;
    // One that everybody may run: the superuser could write.
    let program = tempfile::tempdir().unwrap();
    let open = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    open(program.path(), 0o777);
    let copied = program.path().join("auth-api-key");
    fs::copy(env!("CARGO_BIN_EXE_auth-api-key"), &copied).unwrap();
    let id = Command::new("id").arg("-u").output().unwrap();
    let is_root = id.stdout == b"0\n";
    open(&cli.0.path().join("keys.db"), 0o444);
    open(cli.0.path(), 0o555);
    let to = format!("sqlite:{}", program.path().join("copy.db").display());
    let copy = ["copy", "--from=sqlite:keys.db", "--to", &to];
    let run = |arguments: &[&str]| {
        let mut command = match is_root {
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
                command.arg(&copied);
                command
            }
            false => Command::new(&copied),
        };
        command.args(arguments).current_dir(&cli.0);
        finish(command.env("DATABASE_URL", "sqlite:keys.db"), "")
    };
    assert!(run(&["list"]).succeeded().contains("webshop"));
    let said = run(&copy).err;
    assert!(said.starts_with("all 1 keys of sqlite:keys.db"), "{said}");
    let hand_over = [&copy[..], &["--final", "--yes"]].concat();
    run(&hand_over).failed(
        1,
        &["--from sqlite:keys.db: ", "this program may not write it"],
    );
    run(&["archive", "webshop"]).failed(1, &["this program may not write it"]);
    open(cli.0.path(), 0o755);
}

#[test]
fn trail_says_who_did_what() {
    let cli = Cli::new();
    cli.create(&["webshop", "--group=shop", "--actor=alice"]);
    cli.out(&["archive", "webshop", "--actor", "bob"]);
    cli.out(&["user", "archive", "user-7", "--yes", "--actor=bob"]);
    cli.out(&[
        "group",
        "create",
        "erp",
        "--name",
        "Enterprise",
        "--actor=bob",
    ]);
    // Whoever runs it.
    cli.out(&["unarchive", "webshop"]);
    let events = |arguments: &[&str]| {
        let events = cli.json(&[&["trail"], arguments].concat());
        let events = events.as_array().unwrap().clone();
        let said = |event: &Value| {
            let text = |field: &str| event[field].as_str().unwrap_or("").to_owned();
            format!(
                "{} {} {}{}{}",
                text("actor"),
                text("action"),
                text("key_name"),
                text("group"),
                text("user")
            )
        };
        events.iter().map(said).collect::<Vec<_>>()
    };
    let all = events(&[]);
    let user = all[0].split(' ').next().unwrap();
    assert!(
        !user.is_empty() && !["alice", "bob"].contains(&user),
        "{all:?}"
    );
    assert_eq!(
        all[1..],
        [
            "bob group created erp",
            "bob user archived user-7",
            "bob archived webshop",
            "alice group created shop",
            "alice created webshop"
        ]
    );
    assert_eq!(events(&["--actor=bob"]).len(), 3);
    assert_eq!(events(&["--action=created"]), ["alice created webshop"]);
    assert_eq!(events(&["--key=webshop"]).len(), 3);
    assert_eq!(events(&["--since=1h"]).len(), 6);
    assert_eq!(
        events(&["--since=today", "--key=webshop", "--actor=alice"]).len(),
        1
    );
    let table = cli.out(&["trail", "--key", "webshop"]);
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("TIME"), "{table}");
    assert!(
        lines
            .next()
            .unwrap()
            .contains("unarchived  webshop  active false -> true"),
        "{table}"
    );
    assert!(table.contains("groups +\"shop\", texts +\"key_"), "{table}");
    cli.run(&["trail", "--since", "tomorrow"])
        .failed(2, &["write how long ago it is, such as 90d"]);
    cli.run(&["create", "a", "--user=u", "--actor", "a\nb"])
        .failed(1, &["cannot be the name of who acts"]);
}

#[test]
fn trail_is_followed_as_it_goes_on() {
    let cli = Cli::new();
    for number in 0..12 {
        cli.create(&[&format!("before-{number}")]);
    }
    let (output, input) = pipe().unwrap();
    let mut following = cli.command(&["trail", "--follow", "--json"]);
    let mut following = following.stdout(input).spawn().unwrap();
    let mut lines = BufReader::new(output).lines();
    let mut next = || {
        let line = lines.next().unwrap().unwrap();
        assert!(!line.contains('\u{202e}'), "{line}");
        serde_json::from_str::<Value>(&line).unwrap()
    };
    for number in 2..12 {
        assert_eq!(next()["key_name"], format!("before-{number}"));
    }
    for name in ["one", "two"] {
        // What a terminal does not show is escaped.
        cli.create(&[name, "--actor=alice", "--metadata={\"note\": \"\u{202e}\"}"]);
        let event = next();
        assert_eq!(
            (&event["key_name"], &event["actor"]),
            (&json!(name), &json!("alice"))
        );
    }
    following.kill().unwrap();
    following.wait().unwrap();
}

#[test]
fn trail_is_pruned_once_it_was_asked() {
    let cli = Cli::new();
    cli.create(&["webshop"]);
    cli.run(&["prune", "--before", "2030-01-01"])
        .failed(2, &["write how long ago"]);
    let before = "--before=0s";
    cli.run(&["prune", before]).failed(
        2,
        &["Delete all events of the trail from before", "add `--yes`"],
    );
    assert_eq!(cli.json(&["trail"]).as_array().unwrap().len(), 1);
    let pruned = cli.run(&["prune", before, "--yes", "--actor=alice"]);
    assert!(
        pruned.err.starts_with("1 events from before"),
        "{}",
        pruned.err
    );
    let left = cli.json(&["trail"]);
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(
        (&left[0]["action"], &left[0]["actor"]),
        (&json!("pruned"), &json!("alice"))
    );
}

#[test]
fn exit_code_says_that_keys_expire_soon() {
    let cli = Cli::new();
    cli.create(&["soon", "--expires=7d"]);
    cli.create(&["late", "--expires=30d"]);
    cli.create(&["never"]);
    cli.create(&["archived", "--expires=7d"]);
    cli.out(&["archive", "archived"]);
    cli.create(&["expired", "--expires=0s", "--yes"]);
    let found = cli.run(&["list", "--expiring-within", "14d", "--json"]);
    let keys: Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!((found.code, keys.as_array().unwrap().len()), (5, 1));
    assert_eq!(keys[0]["name"], "soon");
    assert_eq!(cli.run(&["list", "--expiring-within=14d"]).code, 5);
    assert_eq!(cli.json(&["list", "--expiring-within=1d"]), json!([]));
    cli.run(&["list", "--expiring-within=9999y"])
        .failed(2, &["write a duration"]);
}

#[tokio::test]
async fn lifetimes_of_the_server_hold_on_the_command_line() {
    let cli = Cli::new();
    fn with<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
        [
            arguments,
            &["--default-lifetime=90d", "--max-lifetime=365d"],
        ]
        .concat()
    }
    cli.out(&with(&["create", "webshop", "--user=user-7"]));
    let key = cli.json(&["show", "webshop"]);
    assert!(key["expires_at"].is_string(), "{key}");
    let said = "no key may live for longer than 365 days";
    cli.run(&with(&[
        "create",
        "long",
        "--user=user-7",
        "--expires=400d",
    ]))
    .failed(1, &["\"long\"", said]);
    cli.run(&with(&["update", "webshop", "--no-expiry"]))
        .failed(1, &["would expire never", said]);
    let mut given = cli.command(&["update", "webshop", "--no-expiry"]);
    finish(given.env("API_KEY_MAX_LIFETIME", "365d"), "").failed(1, &[said]);
    // A row that would live too long ends an import, which names its line.
    let rows = "name,user,expires_at\na,u,1d\nb,u,500d\n";
    cli.run_with(&with(&["import"]), rows)
        .failed(1, &["line 3", said]);
    assert_eq!(cli.names(&[]), ["webshop"]);
    // A rotation renews an expired key, and the command says until when.
    cli.create(&["expired", "--expires=1h"]);
    let expired =
        "UPDATE api_key SET expires_at = expires_at - 7200000, renewed_at = renewed_at - 7200000
                   WHERE name = 'expired'";
    cli.execute(expired).await;
    let rotate = ["rotate", "expired", "--overlap=1m"];
    cli.run(&rotate)
        .failed(2, &["It is expired, and works again with its new text."]);
    let rotated = cli.run(&[&rotate[..], &["--yes"]].concat());
    assert!(rotated.err.contains("expires  "), "{}", rotated.err);
    assert_eq!(cli.verify(rotated.succeeded().trim_end(), &[]).0, 0);
}

#[tokio::test]
async fn keys_that_nobody_used_for_long_are_archived_after_asking() {
    let cli = Cli::new();
    for name in ["old", "used", "new"] {
        cli.create(&[name]);
    }
    let list = ["list", "--unused-since", "90d"];
    let archive = ["archive", "--unused-since", "90d"];
    for command in [list, archive] {
        cli.run(&command).failed(1, &["last uses are not recorded"]);
    }
    let now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000";
    let day = "24 * 60 * 60 * 1000";
    cli.execute(&format!(
        "UPDATE api_key SET created_at = created_at - 400 * {day}, renewed_at = created_at - 400 * {day}
             WHERE name <> 'new';
         UPDATE api_key_use SET used_at = {now} - {day} WHERE key_id = 2;
         UPDATE api_key_recording SET since = {now} - 80 * {day}, last_at = {now}"
    ))
    .await;
    cli.run(&list).failed(
        1,
        &["last uses are recorded since", "ask for a shorter time"],
    );
    cli.execute(&format!(
        "UPDATE api_key_recording SET since = {now} - 91 * {day}"
    ))
    .await;
    assert_eq!(cli.names(&list[1..]), ["old"]);
    let asked = cli.run(&archive);
    asked.failed(
        2,
        &[
            "old",
            "Archive this key, which was not used since",
            "add `--yes`",
        ],
    );
    assert!(
        !asked.err.contains("used  ") && !asked.err.contains("new  "),
        "{}",
        asked.err
    );
    let yes = [&archive[..], &["--yes", "--json", "--actor=alice"]].concat();
    let archived: Value = serde_json::from_str(&cli.out(&yes)).unwrap();
    assert_eq!(archived.as_array().unwrap().len(), 1);
    assert_eq!(cli.names(&["--archived"]), ["old"]);
    assert_eq!(cli.out(&yes), "[]\n");
    cli.run(&["archive"]).failed(2, &["<NAME>"]);
    cli.run(&[&archive[..], &["old"]].concat())
        .failed(2, &["cannot be used with"]);
}

/// The answer to a request that no connection is kept for.
#[cfg(feature = "admin")]
fn answer(address: &str, head: &str, body: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    // `head` may have header lines behind the address.
    let (line, headers) = match head.split_once('\n') {
        Some((line, headers)) => (request.replacen(head, line, 1), format!("{headers}\r\n")),
        None => (request, String::new()),
    };
    write!(stream, "{line}{headers}\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[cfg(feature = "admin")]
#[test]
fn admin_serves_pages_to_whoever_has_its_code_for_the_first_time() {
    let cli = Cli::new();
    cli.create(&["shop"]);
    let mut admin = cli.command(&["admin", "--listen", "127.0.0.1:0", "--actor", "alice"]);
    let mut admin = admin.stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(admin.stdout.take().unwrap()).lines();
    let printed = printed.next().unwrap().unwrap();
    let (address, code) = printed.split_once("/sign-in#").unwrap();
    let address = address.strip_prefix("http://").unwrap();

    assert!(answer(address, "GET /keys", "").starts_with("HTTP/1.1 303"));
    let page = answer(address, "GET /sign-in", "");
    let between = |text: &str, start: &str, end: char| {
        let (_, rest) = text.split_once(start).unwrap();
        rest.split(end).next().unwrap().to_owned()
    };
    let form = between(&page, r#"name="form" value=""#, '"');
    let cookie = between(&page, "set-cookie: ", ';');
    let sign_in = |code: &str| {
        let head = format!("POST /sign-in\nCookie: {cookie}");
        answer(address, &head, &format!("form={form}&key={code}"))
    };
    for wrong in ["", "x", &code[1..], &code.to_lowercase()] {
        assert!(sign_in(wrong).starts_with("HTTP/1.1 401"), "{wrong}");
    }
    let signed_in = sign_in(code);
    assert!(signed_in.starts_with("HTTP/1.1 303"), "{signed_in}");
    let cookie = between(&signed_in, "set-cookie: ", ';');
    let page = answer(address, &format!("GET /keys\nCookie: {cookie}"), "");
    assert!(
        page.contains(">shop<") && page.contains("<bdi>alice</bdi>"),
        "{page}"
    );
    let again = sign_in(code);
    assert!(
        again.starts_with("HTTP/1.1 401") && !again.contains(code),
        "{again}"
    );
    // The text of a key is not a code.
    let text = cli.create(&["other"]);
    assert!(sign_in(&text).starts_with("HTTP/1.1 401"));
    admin.kill().unwrap();
    admin.wait().unwrap();

    let refused = cli.run(&["admin", "--listen", "0.0.0.0:0"]);
    refused.failed(2, &["plain `http`", "https://keys.example.com"]);
}
