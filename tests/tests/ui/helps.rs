//! What a help says is pasted over the mistake by machine, and compiles.

use std::{env, fs, path::Path};

use super::{Mistake, mistakes, places};

/// Where more is to be replaced than what is marked: the folder and the file, the text that is replaced,
/// and by what; `{}` stands for what the help says first in backquotes.
const HELPS: [(&str, &str, &str, &str); 19] = [
    (
        "macro",
        "argument_that_the_path_does_not_name",
        "\"/partner\"",
        "{}",
    ),
    (
        "macro",
        "capture_without_any_argument",
        "my_service()",
        "my_service({})",
    ),
    (
        "macro",
        "capture_in_doubled_braces",
        "\"/partner/{{id}}?lang\"",
        "{}",
    ),
    ("macro", "comma_missing", " methods", "{}"),
    (
        "macro",
        "controller_capture_named_otherwise_than_its_argument",
        "tenant_id: String",
        "{}",
    ),
    (
        "macro",
        "controller_without_auth",
        "\"/orders\"",
        "\"/orders\", {}",
    ),
    (
        "macro",
        "list_that_the_path_does_not_name",
        "\"/orders?lang\"",
        "{}",
    ),
    (
        "macro",
        "method_whose_route_has_no_parentheses",
        "#[route = \"/orders\"]",
        "{}",
    ),
    ("macro", "methods_without_a_comma", " \"POST\"", "{}"),
    ("macro", "no_auth", "\"/my_service\"", "\"/my_service\", {}"),
    ("macro", "no_path", "#[route(auth = \"api_key\")]", "{}"),
    (
        "macro",
        "option_that_the_path_does_not_name",
        "\"/orders\"",
        "{}",
    ),
    ("macro", "path_by_another_name", "value = \"/orders\"", "{}"),
    ("macro", "path_is_named", "path = \"/a\"", "{}"),
    (
        "macro",
        "paths_by_another_name",
        "rule = [\"/orders\", \"/orders/all\"]",
        "{}",
    ),
    (
        "macro",
        "query_without_argument",
        "my_service()",
        "my_service({})",
    ),
    ("macro", "text_before_a_body", "\"/orders\"", "{}"),
    ("macro", "two_paths_without_list", "\"/a\", \"/b\"", "{}"),
    ("warnings", "trailing_slash", "\"/partner/?lang\"", "{}"),
];

/// Where the help is more than to replace the mistake: two things have to be written, or something that the
/// file does not have.
const ELSEWHERE: [&str; 64] = [
    "api_key_in_the_query",
    "api_key_of_an_open_route",
    "argument_in_a_wrapper",
    "argument_of_one_variant",
    "argument_that_the_call_does_not_name",
    "auth_list_with_a_type",
    "auth_type_with_colon",
    "brace_not_closed",
    "call_in_routes",
    "capture_a_number",
    "capture_of_an_underscore",
    "capture_of_one_path_alone",
    "capture_with_a_dash",
    "capture_with_blanks",
    "captures_with_a_text_between",
    "constructor_in_routes",
    "controller_groups_with_public",
    "controller_on_a_function",
    "crate_a_number",
    "crate_a_string",
    "crate_with_parameters",
    "file_outside_of_a_form",
    "group_with_an_invisible_character",
    "groups_a_const",
    "groups_with_own_auth",
    "groups_with_public",
    "groups_without_api_key",
    "handle_params_access_error",
    "key_in_extensions_of_public",
    "kwargs_in_the_path",
    "list_that_is_called_in_routes",
    "method_twice_as_in_actix",
    "method_whose_route_is_unsafe",
    "method_with_an_argument_of_one_variant",
    "method_with_mutable_self",
    "method_without_a_path",
    "on_an_impl",
    "optional_key_of_a_guarded_route",
    "path_beside_a_list",
    "path_extractor_beside_a_capture",
    "path_extractor_without_captures",
    "path_of_a_query_alone",
    "path_of_rocket",
    "path_with_an_invisible_character",
    "path_with_any_converter",
    "path_with_dollar",
    "path_with_open_angle",
    "path_with_string_converter",
    "path_with_two_stars",
    "path_with_uuid_converter",
    "prefix_in_routes",
    "query_extractor_beside_a_name",
    "query_name_in_brackets",
    "query_name_with_a_dash",
    "query_with_an_empty_name",
    "query_with_two_marks",
    "route_listed_twice",
    "state_a_reference",
    "state_a_string",
    "state_a_trait",
    "state_a_value",
    "state_left_out",
    "state_that_borrows",
    "token_that_the_path_does_not_name",
];

#[test]
fn what_a_help_says_compiles_when_it_is_pasted() {
    let mut program = String::from("#![allow(unused)]\n");
    let mut add = |name: &str, mended: &str| {
        let mended = mended.replace("#![deny(warnings)]", "#![deny(deprecated)]");
        program += &format!("pub mod {name} {{\n{mended}\n}}\n");
    };
    for (folder, name, wrong, by) in HELPS {
        let mistake = mistakes(folder).find(|mistake| mistake.name == name);
        let Mistake { source, stderr, .. } =
            mistake.unwrap_or_else(|| panic!("there is no {name}"));
        assert_eq!(source.matches(wrong).count(), 1, "{name}: {wrong}");
        let code = help(&stderr).split('`').nth(1).unwrap();
        add(name, &source.replace(wrong, &by.replacen("{}", code, 1)));
    }
    for mistake in mistakes("macro") {
        let name = mistake.name.as_str();
        let is_listed = HELPS.iter().any(|(_, listed, ..)| *listed == name);
        if let Some(mended) = mended(&mistake).filter(|_| !is_listed && !ELSEWHERE.contains(&name))
        {
            add(name, &mended);
        }
    }
    for mistake in mistakes("types") {
        if let Some(mended) = with_an_extractor(&mistake) {
            add(&mistake.name, &format!("{EXTRACTORS}\n{mended}"));
        }
    }
    // One error, so that trybuild checks the program and does not build it.
    let wrong = "const ALL_ELSE_COMPILES: () = 1;";
    program += wrong;
    let (line, column) = (program.lines().count(), wrong.len() - 1);
    program += "\nfn main() {}\n";
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("helps.rs");
    fs::write(&file, &program).unwrap();
    let (blank, before) = (" ".repeat(line.to_string().len()), " ".repeat(column - 1));
    let expected = format!(
        "error[E0308]: mismatched types\n\
         {blank}--> {}:{line}:{column}\n\
         {blank} |\n\
         {line} | {wrong}\n\
         {blank} | {before}^ expected `()`, found integer\n",
        file.display()
    );
    fs::write(file.with_extension("stderr"), expected).unwrap();
    trybuild::TestCases::new().compile_fail(file);
}

/// What the first note of an argument that is not an extractor takes.
const EXTRACTORS: &str = "use auth_api_key::{Identity, routing::Params};\n\
                          use axum::{Json, extract::{Query, State}};";

/// The source with `State(state): State<AppState>`, as the first note says, in the place of the argument.
fn with_an_extractor(Mistake { source, stderr, .. }: &Mistake) -> Option<String> {
    let (_, note) = stderr.split_once("= note: write `")?;
    let (code, _) = note
        .split_once('`')
        .filter(|(code, _)| code.contains("): "))?;
    let [(line, column)] = places(stderr)[..] else {
        return None;
    };
    if note.lines().next()?.contains("move it") {
        return None;
    }
    let lines = source.lines().take(line - 1).map(|line| line.len() + 1);
    let marked = lines.sum::<usize>() + column - 1;
    let begin = source[..marked].rfind(['(', ',', '\n'])? + 1;
    let end = marked + source[marked..].find([',', ')'])?;
    Some(format!("{} {code}{}", &source[..begin], &source[end..]))
}

fn help(stderr: &str) -> &str {
    let (_, help) = stderr.split_once("help: ").unwrap();
    help.lines().next().unwrap()
}

/// The source with what the help says in the place of the mistake; none, if it does not say what to write
/// there.
fn mended(mistake: &Mistake) -> Option<String> {
    let Mistake { source, stderr, .. } = mistake;
    let [(line, column)] = places(stderr)[..] else {
        return None;
    };
    let carets = |line: &str| {
        let (_, carets) = line.split_once("| ")?;
        let carets = carets.trim();
        (!carets.is_empty() && carets.trim_matches('^').is_empty()).then_some(carets.len())
    };
    let width = stderr.lines().find_map(carets)?;
    let lines = source.lines().take(line - 1).map(|line| line.len() + 1);
    let (begin, end) = (lines.sum::<usize>(), column - 1);
    let offset = |characters| {
        let mut offsets = source[begin..].char_indices();
        begin + offsets.nth(characters).map_or(0, |(offset, _)| offset)
    };
    let (begin, end) = (offset(end), offset(end + width));
    let (before, marked, after) = (&source[..begin], &source[begin..end], &source[end..]);
    let help = help(stderr);
    if help.starts_with("delete it") {
        let (before, after) = match after.trim_start().strip_prefix(',') {
            _ if marked == "," => (before, after),
            Some(after) => (before, after),
            None => (before.trim_end().trim_end_matches(','), after),
        };
        return Some(format!("{before}{after}"));
    }
    let code = [
        "write `",
        "did you mean `",
        "write names joined by `&`: `",
        "write only the name: `",
    ]
    .iter()
    .find_map(|begin| help.strip_prefix(begin))?;
    let (code, _) = code.split_once('`')?;
    let (begin, end) = if code.starts_with("#[") {
        let begin = match marked.starts_with("#[") {
            true => begin,
            false => before.rfind("#[")?,
        };
        (begin, begin + group(&source[begin + 1..])? + 1)
    } else if code.contains(" = ") {
        option(source, begin)?
    } else if code == "async fn" {
        let line = source[..begin].rfind('\n')? + 1;
        let indented = source[line..].len() - source[line..].trim_start().len();
        (line + indented, line + source[line..].find("fn ")? + 2)
    } else if marked.starts_with('"') && !code.starts_with(['"', '[']) {
        // The message quotes the piece of the text that is wrong.
        let wrong = stderr.split('`').nth(1)?;
        let at = begin + marked.find(wrong)?;
        (at, at + wrong.len())
    } else {
        (begin, end)
    };
    Some(format!("{}{code}{}", &source[..begin], &source[end..]))
}

/// How long what begins with a bracket is.
fn group(text: &str) -> Option<usize> {
    let (mut depth, mut is_text) = (0, false);
    text.char_indices().find_map(|(at, character)| {
        is_text ^= character == '"';
        match character {
            '(' | '[' | '{' if !is_text => depth += 1,
            ')' | ']' | '}' if !is_text => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at + 1)
    })
}

/// The range of the option of an attribute of which a piece is marked.
fn option(source: &str, marked: usize) -> Option<(usize, usize)> {
    let attribute = ["#[route", "#[controller"]
        .iter()
        .filter_map(|begin| source[..marked].rfind(begin))
        .max()?;
    let mut begin = attribute + source[attribute..].find('(')? + 1;
    let (first, mut depth, mut is_text) = (begin, 0, false);
    for (at, character) in source[first..].char_indices() {
        let at = first + at;
        is_text ^= character == '"';
        match character {
            _ if is_text => {}
            ',' | ')' if depth == 0 && at > marked => return Some((begin, at)),
            ',' if depth == 0 => {
                begin = at + 1;
                begin += source[begin..].len() - source[begin..].trim_start().len();
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
