//! What the compiler says: one file a mistake, named after it. In `newcomer` are those that someone made
//! with the README alone, and what they wished to read. Alone in its process, which links
//! nothing of the crates, so that a changed message is tried soon.
//!
//! Below the line of a mistake stands its mark: `//~^ 12` says one line up, column 12.
//!
//! After a deliberate change: `TRYBUILD=overwrite cargo test -p tests --test ui`, and read the diff.

use std::{fs, path::Path};

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/macro/*.rs");
    cases.compile_fail("ui/types/*.rs");
    cases.compile_fail("ui/warnings/*.rs");
    cases.compile_fail("ui/newcomer/*.rs");
}

/// Files with several errors: by intent, or because rustc or axum says the same mistake again.
const SEVERAL: [&str; 9] = [
    "argument_with_a_default",
    "controllers_two_of_one_type",
    "kwargs_of_python",
    "several_mistakes",
    "several_mistakes_of_a_controller",
    "paths_of_axum_0_7",
    "state_argument_that_the_state_lacks_mounted_by_hand",
    "state_that_is_not_clone",
    "state_without_authenticator",
];

#[test]
fn one_mistake_is_one_error_at_its_mark() {
    for mistake in ["macro", "types", "warnings"]
        .into_iter()
        .flat_map(mistakes)
    {
        let Mistake {
            name,
            source,
            stderr,
        } = &mistake;
        let marks = marks(source);
        assert_eq!(
            marks.len() > 1,
            SEVERAL.contains(&name.as_str()),
            "{name}: {marks:?}"
        );
        assert_eq!(places(stderr), marks, "{name}:\n{stderr}");
    }
}

#[test]
fn all_that_the_macro_finds_has_a_help() {
    for Mistake { name, stderr, .. } in ["macro", "warnings"].into_iter().flat_map(mistakes) {
        let helps = stderr
            .lines()
            .filter(|line| line.starts_with("       help: "))
            .count();
        assert_eq!(places(&stderr).len(), helps, "{name}:\n{stderr}");
    }
}

/// Common mistakes: the folder and the file, the text that is replaced, and by what; `{}` stands for
/// what the help says first in backquotes.
const HELPS: [(&str, &str, &str, &str); 42] = [
    (
        "macro",
        "auth_api_key_as_a_type",
        "auth = ApiKey",
        "auth = {}",
    ),
    ("macro", "auth_misspelt", "\"apikey\"", "{}"),
    ("macro", "auth_value_alone", ", api_key", ", {}"),
    (
        "macro",
        "auth_without_quotes",
        "auth = api_key",
        "auth = {}",
    ),
    (
        "macro",
        "argument_that_the_path_does_not_name",
        "\"/partner\"",
        "{}",
    ),
    ("macro", "borrowed_argument", "&str", "{}"),
    ("macro", "capture_with_a_type", "\"/a/{id:i64}\"", "{}"),
    (
        "macro",
        "capture_without_any_argument",
        "my_service()",
        "my_service({})",
    ),
    ("macro", "comma_missing", " methods", "{}"),
    (
        "macro",
        "controller_path_with_a_slash_at_its_end",
        "\"/shop/\"",
        "{}",
    ),
    (
        "macro",
        "controller_with_a_list_of_paths",
        "[\"/shop/{id}\", \"/store/{id}\"]",
        "{}",
    ),
    (
        "macro",
        "controller_that_borrows",
        "impl Shop<'_>",
        "impl {}",
    ),
    (
        "macro",
        "controller_without_auth",
        "\"/orders\"",
        "\"/orders\", {}",
    ),
    ("macro", "group_of_c", "c\"shop\"", "{}"),
    ("macro", "groups_with_a_length", "[\"shop\"; 2]", "{}"),
    ("macro", "groups_a_string", "groups = \"shop\"", "{}"),
    ("macro", "key_of_a_public_route", "key: ApiKey", "key: {}"),
    ("macro", "method_first_as_in_actix", "GET,", "{},"),
    ("macro", "method_misspelt", "\"GTE\"", "{}"),
    ("macro", "method_singular", "method = \"GET\"", "{}"),
    ("macro", "method_with_self_by_value", "(self)", "({})"),
    (
        "macro",
        "method_whose_route_has_no_parentheses",
        "#[route = \"/orders\"]",
        "{}",
    ),
    ("macro", "methods_a_string", "methods = \"GET\"", "{}"),
    (
        "macro",
        "methods_joined_by_a_bar",
        "methods = \"GET|POST\"",
        "{}",
    ),
    (
        "macro",
        "methods_of_a_macro",
        "methods = vec![\"GET\"]",
        "{}",
    ),
    ("macro", "methods_without_a_comma", " \"POST\"", "{}"),
    ("macro", "methods_without_quotes", "[GET]", "[{}]"),
    ("macro", "no_auth", "\"/my_service\"", "\"/my_service\", {}"),
    ("macro", "no_path", "#[route(auth = \"api_key\")]", "{}"),
    ("macro", "not_async", "fn my_service", "{} my_service"),
    ("macro", "option_misspelt", "auht", "{}"),
    ("macro", "path_is_named", "path = \"/a\"", "{}"),
    ("macro", "path_with_a_suffix", "\"/a\"path", "{}"),
    ("macro", "path_with_angle_brackets", "<id>", "{}"),
    ("macro", "path_with_colon", ":id\"", "{}\""),
    ("macro", "path_with_int_converter", "<int:id>", "{}"),
    ("macro", "path_with_star", "*rest", "{}"),
    ("macro", "path_without_slash", "\"my_service\"", "{}"),
    ("macro", "reference_in_routes", "&my_service", "{}"),
    (
        "macro",
        "query_without_argument",
        "my_service()",
        "my_service({})",
    ),
    ("macro", "two_paths_without_list", "\"/a\", \"/b\"", "{}"),
    ("warnings", "trailing_slash", "\"/partner/?lang\"", "{}"),
];

#[test]
fn what_a_help_says_compiles_when_it_is_pasted() {
    let mut mended = String::from("#![allow(dead_code)]\n");
    for (folder, name, mistake, by) in HELPS {
        let Mistake { source, stderr, .. } = mistakes(folder)
            .find(|mistake| mistake.name == name)
            .unwrap_or_else(|| panic!("there is no {name}"));
        let (_, help) = stderr.split_once("help: ").unwrap();
        let help = help.split('`').nth(1).unwrap();
        assert_eq!(source.matches(mistake).count(), 1, "{name}: {mistake}");
        let source = source
            .replace(mistake, &by.replacen("{}", help, 1))
            .replace("#![deny(warnings)]", "#![deny(deprecated)]");
        mended += &format!("mod {name} {{\n{source}\n}}\n");
    }
    mended += "fn main() {}\n";
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("helps.rs");
    fs::write(&file, mended).unwrap();
    trybuild::TestCases::new().pass(file);
}

/// A file and what the compiler says of it.
struct Mistake {
    name: String,
    source: String,
    stderr: String,
}

fn mistakes(folder: &str) -> impl Iterator<Item = Mistake> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("ui")
        .join(folder);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mistakes: Vec<Mistake> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| Mistake {
            name: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            source: fs::read_to_string(&file).unwrap(),
            stderr: fs::read_to_string(file.with_extension("stderr")).unwrap(),
        })
        .collect();
    assert!(!mistakes.is_empty());
    mistakes.into_iter()
}

/// The line and column of every mark, in order.
fn marks(source: &str) -> Vec<(usize, usize)> {
    let mut marks: Vec<_> = source
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let mark = line.trim_start().strip_prefix("//~")?;
            let column = mark.trim_start_matches('^');
            let line = index + 1 - (mark.len() - column.len());
            Some((line, column.trim().parse().unwrap()))
        })
        .collect();
    marks.sort_unstable();
    marks
}

/// The line and column of every error, in order.
fn places(stderr: &str) -> Vec<(usize, usize)> {
    let mut lines = stderr.lines();
    let mut places = Vec::new();
    while lines.any(|line| line.starts_with("error")) {
        let place = lines.find_map(|line| line.trim_start().strip_prefix("--> ui/"));
        let mut numbers = place
            .unwrap()
            .rsplit(':')
            .map(|number| number.parse().unwrap());
        let column = numbers.next().unwrap();
        places.push((numbers.next().unwrap(), column));
    }
    places.sort_unstable();
    places
}
