//! Compares the reader of INI files with Python's: 1,000 files, made of lines that are hard to read.

use std::{fs, path::PathBuf, process::Command};

use auth_api_key::{
    Authenticator, NewKey, Reason,
    key::is_invisible,
    store::{EnvironmentKeys, MemoryStore},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use self::ini::{DEFAULT, Ini};

/// The module of the reader, since keys show only a part of what it reads.
#[allow(dead_code, reason = "part of it is for the crate alone")]
#[path = "../../../auth-api-key/src/store/environment/ini.rs"]
mod ini;

const FILES: usize = 1000;

/// Numbers that are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const HEADERS: &[&str] = &[
    "[api_key_a]",
    "[api_key_b]",
    "[api_key_web]",
    "[DEFAULT]",
    "[options]",
    "[queue_job]",
    "[Options]",
    "[default]",
    "[x] trailing",
    "[y]key = z",
    "[a]b]",
    "[]]",
    "[ z ]",
    "[api_key_web] ; [note]",
    "[x;y] # note",
    "[v=1]",
    "[\u{e9}]",
];
const INDENTS: &[&str] = &[
    "", "", "", "", "", " ", "  ", "\t", "\u{a0}", "\u{1c}", "\u{b} ", "\u{3000}",
];
const OPTIONS: &[&str] = &[
    "key",
    "Key",
    "pw",
    "PW",
    "workers",
    "addons_path",
    "db name",
    "x",
    "y",
    "z",
    "\u{e9}t\u{e9}",
    "[key",
    "a%b",
    "q;",
];
const DELIMITERS: &[&str] = &[
    "=",
    " = ",
    ":",
    ": ",
    " :\t",
    "\u{a0}=\u{a0}",
    "==",
    " =: ",
    "\u{1e}= ",
];
const VALUES: &[&str] = &[
    "",
    "swordfish",
    "trout",
    "carp",
    "two words",
    "a=b:c",
    "a ; no comment",
    "b # none either",
    "\"quoted\\\"",
    "100%%",
    "%%(pw)s",
    "%(pw)s",
    "<%(key)s>",
    "%(Key)s-%(x)s",
    "%(x)s%(y)s%(z)s",
    "50%",
    "%(pw",
    "%()s",
    "%(pw)d",
    "%(no such)s",
    "%",
    "v\u{a0}",
    "\u{2028}v\u{85}w",
    "a\rb",
    "[api_key_a]",
    "\u{feff}w",
    "k\u{e9}y",
];
const LINES: &[&str] = &[
    "",
    "",
    " ",
    "\t ",
    "\u{c}",
    "\u{2029}",
    "# note",
    "; note = 1",
    "  # indented",
    "\t; note",
    "#",
    "a,",
    "/opt/odoo/addons,",
    "%(pw)s",
    "[api_key_b]",
    "key = inner",
    "key: x",
    "no delimiter",
    "= no name",
    "[unclosed",
    "[]",
    "\u{feff}[api_key_b]",
    ":",
];
const ENDS: &[&str] = &["\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\r", "\r\r\n"];

fn file(numbers: &mut Numbers) -> Vec<u8> {
    let end = numbers.of(ENDS);
    let careless = numbers.one_in(3);
    let mut lines = Vec::new();
    if careless && numbers.one_in(4) {
        lines.push(line(numbers));
    }
    let first = match numbers.one_in(3) {
        true => numbers.below(HEADERS.len()),
        false => numbers.below(4),
    };
    for at in 0..=numbers.below(4) {
        // Most files have no other section twice, and no option twice in a section.
        let header = match (numbers.one_in(6), careless && numbers.one_in(8)) {
            (true, _) => "[DEFAULT]",
            (_, true) => numbers.of(HEADERS),
            _ => HEADERS[(first + at) % HEADERS.len()],
        };
        lines.push(match numbers.one_in(12) {
            true => format!("{}{header}", numbers.of(INDENTS)),
            false => header.to_owned(),
        });
        let mut options = OPTIONS.to_vec();
        for _ in 0..numbers.below(5) {
            if careless && numbers.one_in(6) {
                lines.push(line(numbers));
            }
            let option = match numbers.one_in(3) {
                true => options.remove(0),
                false => options.remove(numbers.below(options.len())),
            };
            let option = match careless && numbers.one_in(20) {
                true => numbers.of(OPTIONS),
                false => option,
            };
            let indent = match numbers.one_in(4) {
                true => numbers.of(INDENTS),
                false => "",
            };
            let (delimiter, value) = (numbers.of(DELIMITERS), numbers.of(VALUES));
            lines.push(format!("{indent}{option}{delimiter}{value}"));
            for _ in 0..numbers.below(8).saturating_sub(5) {
                let line = line(numbers);
                lines.push(match careless {
                    true => line,
                    false => format!("     {line}"),
                });
            }
        }
        if numbers.one_in(10) {
            let links = 8 + numbers.below(5);
            lines.extend((0..links).map(|at| format!("c{at} = {at}%(c{})s", at + 1)));
            lines.push(format!("c{links} = {}", numbers.of(&["end", "%%"])));
        }
    }
    let mut text = String::new();
    if numbers.one_in(10) {
        text.push('\u{feff}');
    }
    for line in lines {
        text.push_str(&line);
        text.push_str(match numbers.one_in(30) {
            true => numbers.of(ENDS),
            false => end,
        });
    }
    let mut bytes = text.into_bytes();
    if numbers.one_in(50) {
        bytes.insert(numbers.below(bytes.len()), 0xe9);
    }
    bytes
}

fn line(numbers: &mut Numbers) -> String {
    format!("{}{}", numbers.of(INDENTS), numbers.of(LINES))
}

fn files() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(0x0d00_2015_0cab_1e55);
    let files = (0..FILES).map(|at| {
        let path = folder.path().join(format!("{at:04}.conf"));
        fs::write(&path, file(&mut numbers)).unwrap();
        path
    });
    let files = files.collect();
    (folder, files)
}

/// What Python reads from all files in a folder. `None` without Python.
fn expected(folder: &TempDir) -> Option<Vec<Value>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/ini/expected.py");
    let mut pythons = ["python3", "/usr/bin/python3"].into_iter();
    // Older versions end the header `[a]b]` at the first bracket.
    let is_recent = "import sys; sys.exit(sys.version_info < (3, 10))";
    let Some(python) = pythons.find(|python| {
        let status = Command::new(python).args(["-c", is_recent]).status();
        status.is_ok_and(|status| status.success())
    }) else {
        tests::skip("no Python 3.10 or later; install the package `python3`");
        return None;
    };
    let mut command = Command::new(python);
    let output = command.arg(script).arg(folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Reads texts, each overriding those before it, into the form of `expected.py`.
fn read(texts: &[Option<String>]) -> Value {
    let mut ini = Ini::default();
    for text in texts {
        let read = text.as_ref().map(|text| ini.read("file", text));
        if !matches!(read, Some(Ok(_))) {
            return Value::Null;
        }
    }
    let place = ini::Place {
        origin: String::new(),
        line: None,
    };
    ini.section(DEFAULT, &place);
    let inherited = ini.sections[DEFAULT].options.clone();
    let sections = ini.sections.iter().map(|(name, section)| {
        let options = section.options.keys().chain(inherited.keys());
        let options = options.map(|option| {
            let value = ini.value(name, option).unwrap();
            let text = ini.text(name, value).ok();
            (option.clone(), json!(text.as_deref()))
        });
        (name.clone(), Value::Object(options.collect()))
    });
    Value::Object(sections.collect())
}

#[test]
fn thousand_files_are_read_as_by_python() {
    let (folder, files) = files();
    let Some(expected) = expected(&folder) else {
        return;
    };
    let (mut understood, mut faulty) = (0, 0);
    let mut before = files.last().unwrap();
    for (file, expected) in files.iter().zip(&expected) {
        let text = |file| String::from_utf8(fs::read(file).unwrap()).ok();
        let lines = |file| text(file).map(|text| ini::with_line_feeds(&text));
        let found = json!({
            "file": read(&[lines(file)]),
            "variable": read(&[text(file)]),
            "both": read(&[lines(before), lines(file)]),
        });
        let written = fs::read(file).unwrap();
        let written = String::from_utf8_lossy(&written);
        for way in ["file", "variable", "both"] {
            assert_eq!(found[way], expected[way], "{way} {file:?}: {written:?}");
        }
        understood += usize::from(!expected["file"].is_null());
        let sections = expected["file"].as_object();
        let mut values = sections.into_iter().flatten().map(|(_, values)| values);
        faulty += usize::from(values.any(|values| values.to_string().contains("null")));
        before = file;
    }
    // Both kinds of files are frequent.
    assert!((300..900).contains(&understood), "{understood}");
    assert!((100..understood).contains(&faulty), "{faulty}");
}

/// The texts of the keys a, b and web, as Python reads them. `None` if Python has an error, or if a text
/// cannot be sent by HTTP or has an invisible character.
fn texts(sections: &Map<String, Value>) -> Option<Vec<(&str, &str)>> {
    let keys = sections.iter().filter_map(|(section, options)| {
        let name = section.strip_prefix("api_key_")?;
        Some((name, options.get("key")?))
    });
    keys.map(|(name, text)| {
        let text = text.as_str()?;
        let usable = !text.contains(|c: char| c.is_ascii_control());
        (usable && !text.trim().contains(is_invisible)).then_some((name, text.trim()))
    })
    .collect()
}

#[tokio::test]
async fn keys_of_thousand_files_have_the_texts_that_python_reads() {
    let (folder, files) = files();
    let Some(expected) = expected(&folder) else {
        return;
    };
    let store = MemoryStore::new();
    let stored = Authenticator::builder().build(store.clone()).await.unwrap();
    for name in ["a", "b", "web"] {
        let key = NewKey::new(name, "user").technical_name(name);
        let key = key.text(format!("stored-{name}"));
        stored.keys().create(key).await.unwrap();
    }
    let (mut given, mut refused) = (0, 0);
    for (file, expected) in files.iter().zip(&expected) {
        let texts = expected["file"].as_object().and_then(texts);
        let keys = EnvironmentKeys::new().file(file);
        let (Some(texts), Ok(keys)) = (&texts, &keys) else {
            assert_eq!(texts.is_some(), keys.is_ok(), "{file:?}: {keys:?}");
            refused += 1;
            continue;
        };
        let built = Authenticator::builder().environment(keys.clone());
        let built = built.build(store.clone()).await;
        let mut different: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
        different.retain(|text| !text.is_empty());
        different.sort_unstable();
        if different.windows(2).any(|texts| texts[0] == texts[1]) {
            built.unwrap_err();
            continue;
        }
        let auth = built.unwrap();
        for name in ["a", "b", "web"] {
            let text = texts.iter().find(|(given, _)| *given == name);
            let stored = format!("stored-{name}");
            let stored = auth.verify(&stored, &[], None).await;
            assert_eq!(stored.is_ok(), text.is_none(), "{file:?}, {name}");
            if let Some((_, text)) = text.filter(|(_, text)| !text.is_empty()) {
                let key = auth.verify(*text, &[], None).await;
                let key = key.map(|key| key.name.clone());
                assert_eq!(key, Ok::<_, Reason>(name.to_owned()), "{file:?}");
                given += 1;
            }
        }
    }
    assert!(given >= 50 && refused > 100, "{given}, {refused}");
}
